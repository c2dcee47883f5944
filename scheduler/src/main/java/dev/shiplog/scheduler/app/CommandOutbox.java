package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.scheduler.cycle.Outbox;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.CommandSender;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.topics.record.Command.Precondition;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Command.Verb;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Says what the scheduler has to say as commands. All are about the very pod that was read. */
final class CommandOutbox implements Outbox {

  /** The user a scheduler is, in Kubernetes; its rights come with that name. */
  private static final String ACTOR = "system:kube-scheduler";

  private static final String STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";

  private final CommandSender commands;
  private final String schedulerName;

  CommandOutbox(CommandSender commands, String schedulerName) {
    this.commands = commands;
    this.schedulerName = schedulerName;
  }

  @Override
  public String bind(Pod pod, String node) {
    ObjectNode binding = KubernetesJson.object().put("apiVersion", "v1").put("kind", "Binding");
    binding
        .putObject("metadata")
        .put("namespace", pod.namespace())
        .put("name", pod.name())
        .put("uid", pod.uid());
    binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", node);
    return commands.send(ACTOR, aboutPod(Verb.CREATE, pod, "binding", null, binding));
  }

  @Override
  public void pending(Pod pod, String reason, String message, long nowMs) {
    if (!saysSo(pod.waiting(), reason, message)) {
      JsonNode patch = patchOf(pod, reason, message, nowMs);
      commands.send(ACTOR, aboutPod(Verb.PATCH, pod, "status", STRATEGIC_MERGE_PATCH, patch));
    }
    tell(
        EventRequest.warning(
            SchedulerResources.PODS, PodObject.of(pod), "FailedScheduling", message));
  }

  @Override
  public void bound(Pod pod, String node) {
    String message = "Successfully assigned " + pod.namespace() + "/" + pod.name() + " to " + node;
    tell(EventRequest.normal(SchedulerResources.PODS, PodObject.of(pod), "Scheduled", message));
  }

  /** Tells of a pod that cannot be scheduled because it cannot be read. */
  void unreadable(PodObject pod) {
    String message = "the pod cannot be scheduled as it is: " + pod.problem();
    tell(EventRequest.warning(SchedulerResources.PODS, pod, "FailedScheduling", message));
  }

  private void tell(EventRequest event) {
    commands.tell(ACTOR, event.from(schedulerName));
  }

  private static boolean saysSo(Pod.Waiting waiting, String reason, String message) {
    return waiting != null && waiting.reason().equals(reason) && waiting.message().equals(message);
  }

  /** The time of transition stays while the status does. */
  private static JsonNode patchOf(Pod pod, String reason, String message, long nowMs) {
    String since =
        pod.waiting() != null && !pod.waiting().since().isEmpty()
            ? pod.waiting().since()
            : Instant.ofEpochMilli(nowMs).truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode patch = KubernetesJson.object();
    patch
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "PodScheduled")
        .put("status", "False")
        .put("reason", reason)
        .put("message", message)
        .putNull("lastProbeTime")
        .put("lastTransitionTime", since);
    return patch;
  }

  private static CommandRequest aboutPod(
      Verb verb, Pod pod, String subresource, String patchType, JsonNode body) {
    return new CommandRequest(
        verb,
        SchedulerResources.PODS,
        new Target("", "v1", "pods", subresource, pod.namespace(), pod.name()),
        new Precondition(pod.uid(), null),
        patchType,
        body);
  }
}
