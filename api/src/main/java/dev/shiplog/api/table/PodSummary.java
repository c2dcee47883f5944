package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A pod in three words, as kubectl tells them from its containers.
 *
 * <p>The status is the first of these that applies: what happens to the pod as a whole
 * (Terminating), what holds up the first init container that is not through (Init:0/1, Init:Error),
 * what the first container waits for or ended with (CrashLoopBackOff, Completed), and the pod's
 * phase.
 *
 * @param ready for example {@code 1/2}
 * @param lastRestart when a container ended last before it was restarted; empty if none was
 */
record PodSummary(String ready, String status, long restarts, String lastRestart) {

  static PodSummary of(ObjectNode pod) {
    return new Reading(pod).summary();
  }

  /** One look at a pod; its fields are what it found so far. */
  private static final class Reading {

    private final ObjectNode pod;
    private final Set<String> sidecars = new HashSet<>();
    private final Restarts inits = new Restarts();
    private final Restarts running = new Restarts();
    private int ready;
    private String status;
    private boolean initializing;

    Reading(ObjectNode pod) {
      this.pod = pod;
    }

    PodSummary summary() {
      for (ObjectNode init : objects(pod, "spec", "initContainers")) {
        if (text(init, "restartPolicy").equals("Always")) {
          sidecars.add(text(init, "name"));
        }
      }
      status = phase();
      initContainers();
      boolean started = !initializing || Cells.condition(pod, "Initialized").equals("True");
      if (started) {
        containers();
      }
      deletion();
      Restarts counted = started ? running : inits;
      int total = at(pod, "spec", "containers").size() + sidecars.size();
      return new PodSummary(ready + "/" + total, status, counted.count, counted.last);
    }

    private String phase() {
      for (ObjectNode condition : objects(pod, "status", "conditions")) {
        if (text(condition, "type").equals("PodScheduled")
            && text(condition, "reason").equals("SchedulingGated")) {
          return "SchedulingGated";
        }
      }
      return Cells.or(text(pod, "status", "reason"), text(pod, "status", "phase"));
    }

    /** Goes on to the first init container that is not through. */
    private void initContainers() {
      List<ObjectNode> statuses = objects(pod, "status", "initContainerStatuses");
      for (int i = 0; i < statuses.size() && !initializing; i++) {
        ObjectNode container = statuses.get(i);
        boolean sidecar = sidecars.contains(text(container, "name"));
        inits.add(container);
        if (sidecar) {
          running.add(container);
        }
        JsonNode terminated = at(container, "state", "terminated");
        boolean through =
            !terminated.isMissingNode() && terminated.path("exitCode").intValue() == 0;
        boolean up = sidecar && at(container, "started").booleanValue();
        if (!through && up) {
          ready += at(container, "ready").booleanValue() ? 1 : 0;
        } else if (!through) {
          initializing = true;
          status = "Init:" + holdUp(container, i);
        }
      }
    }

    private String holdUp(ObjectNode container, int index) {
      if (!absent(container, "state", "terminated")) {
        return ended(at(container, "state", "terminated"));
      }
      String waiting = text(container, "state", "waiting", "reason");
      return waiting.isEmpty() || waiting.equals("PodInitializing")
          ? index + "/" + at(pod, "spec", "initContainers").size()
          : waiting;
    }

    private void containers() {
      boolean anyRuns = false;
      for (ObjectNode container : objects(pod, "status", "containerStatuses").reversed()) {
        running.add(container);
        String waiting = text(container, "state", "waiting", "reason");
        if (!waiting.isEmpty()) {
          status = waiting;
        } else if (!absent(container, "state", "terminated")) {
          status = ended(at(container, "state", "terminated"));
        } else if (at(container, "ready").booleanValue()
            && !absent(container, "state", "running")) {
          anyRuns = true;
          ready++;
        }
      }
      if (status.equals("Completed") && anyRuns) {
        status = Cells.condition(pod, "Ready").equals("True") ? "Running" : "NotReady";
      }
    }

    private void deletion() {
      String phase = text(pod, "status", "phase");
      if (absent(pod, "metadata", "deletionTimestamp")) {
        return;
      }
      if (text(pod, "status", "reason").equals("NodeLost")) {
        status = "Unknown";
      } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
        status = "Terminating";
      }
    }

    private static String ended(JsonNode terminated) {
      String reason = text(terminated, "reason");
      if (!reason.isEmpty()) {
        return reason;
      }
      int signal = terminated.path("signal").intValue();
      return signal != 0
          ? "Signal:" + signal
          : "ExitCode:" + terminated.path("exitCode").intValue();
    }
  }

  private static final class Restarts {

    private long count;
    private String last = "";

    void add(ObjectNode container) {
      count += at(container, "restartCount").longValue();
      String finished = text(container, "lastState", "terminated", "finishedAt");
      // Times of the API have one form, so that their order is that of their texts.
      if (finished.compareTo(last) > 0) {
        last = finished;
      }
    }
  }
}
