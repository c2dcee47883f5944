package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.scheduler.cycle.DecisionMark;
import dev.shiplog.scheduler.cycle.Outbox;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.VolumeReader;
import dev.shiplog.scheduler.model.Volumes;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.CommandSender;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.topics.record.Command.Precondition;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.PodBindings;
import dev.shiplog.topics.record.PodBindings.PodBinding;
import dev.shiplog.topics.trace.Tracing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says what the scheduler has to say as commands. All are about the very pod that was read. */
final class CommandOutbox implements Outbox {

  /** The user a scheduler is, in Kubernetes; its rights come with that name. */
  private static final String ACTOR = "system:kube-scheduler";

  private static final String STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  private final CommandSender commands;
  private final PodSteps steps;
  private final String defaultName;

  CommandOutbox(CommandSender commands, PodSteps steps, String defaultName) {
    this.commands = commands;
    this.steps = steps;
    this.defaultName = defaultName;
  }

  @Override
  public String bind(List<Placing> pods, boolean allOrNone) {
    List<PodBinding> bindings = pods.stream().map(CommandOutbox::binding).toList();
    JsonNode body = Json.MAPPER.valueToTree(new PodBindings(allOrNone, true, bindings));
    Target all = new Target("", "v1", "pods", "binding", "", "");
    commands.follow(steps.of(pods.getFirst().pod().key()).traceparent());
    String id =
        commands.send(
            ACTOR, new CommandRequest(Verb.BIND, SchedulerResources.PODS, all, null, null, body));
    commands.follow(null);
    pods.forEach(placing -> steps.decided(placing.pod().key()));
    return id;
  }

  @Override
  public String traceOf(Pod pod) {
    String id = Tracing.idOf(steps.of(pod.key()).traceparent());
    return id == null ? "" : id;
  }

  private static PodBinding binding(Placing placing) {
    Pod pod = placing.pod();
    return new PodBinding(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        placing.node(),
        placing.extras().labels(),
        annotations(placing));
  }

  private static Map<String, String> annotations(Placing placing) {
    String mark = placing.decision().toString();
    if (placing.extras().annotations().isEmpty()) {
      return Map.of(DecisionMark.ANNOTATION, mark);
    }
    Map<String, String> all = new HashMap<>(placing.extras().annotations());
    all.put(DecisionMark.ANNOTATION, mark);
    return all;
  }

  @Override
  public void pending(Pod pod, String reason, String message, long nowMs) {
    writeCondition(pod, reason, message, nowMs);
    tell(
        pod,
        EventRequest.warning(
            SchedulerResources.PODS, PodObject.of(pod), "FailedScheduling", message));
  }

  @Override
  public void gated(Pod pod, long nowMs) {
    String message = "Scheduling is blocked due to non-empty scheduling gates";
    writeCondition(pod, "SchedulingGated", message, nowMs);
  }

  private void writeCondition(Pod pod, String reason, String message, long nowMs) {
    if (!saysSo(pod.waiting(), reason, message)) {
      JsonNode patch = patchOf(pod, reason, message, nowMs);
      commands.send(ACTOR, aboutPod(Verb.PATCH, pod, "status", STRATEGIC_MERGE_PATCH, patch));
    }
  }

  @Override
  public void nominate(Pod pod, String node) {
    ObjectNode patch = KubernetesJson.object();
    patch.putObject("status").put("nominatedNodeName", node.isEmpty() ? null : node);
    commands.send(ACTOR, aboutPod(Verb.PATCH, pod, "status", STRATEGIC_MERGE_PATCH, patch));
  }

  @Override
  public void preempt(Pod victim, Pod preemptor, String node, long nowMs) {
    String message =
        preemptor.schedulerName() + ": preempting to accommodate a higher priority pod";
    JsonNode patch =
        patchOf("DisruptionTarget", "True", "PreemptionByScheduler", message, timeAt(nowMs));
    commands.send(ACTOR, aboutPod(Verb.PATCH, victim, "status", STRATEGIC_MERGE_PATCH, patch));
    commands.send(ACTOR, aboutPod(Verb.DELETE, victim, "", null, null));
    String told = "Preempted by pod " + preemptor.uid() + " on node " + node;
    tell(
        preemptor,
        EventRequest.normal(SchedulerResources.PODS, PodObject.of(victim), "Preempted", told));
  }

  @Override
  public String keepVolume(
      String name, Volumes.Volume volume, String claimKey, Volumes.Claim claim) {
    ObjectNode patch = KubernetesJson.object();
    patch.putObject("metadata").putObject("annotations").put(BOUND_BY_CONTROLLER, "yes");
    patch
        .putObject("spec")
        .putObject("claimRef")
        .put("apiVersion", "v1")
        .put("kind", "PersistentVolumeClaim")
        .put("namespace", ObjectKeys.namespaceOf(claimKey))
        .put("name", ObjectKeys.nameOf(claimKey))
        .put("uid", claim.uid());
    return commands.send(
        ACTOR,
        new CommandRequest(
            Verb.PATCH,
            SchedulerResources.VOLUMES,
            new Target("", "v1", "persistentvolumes", "", "", name),
            new Precondition(volume.uid(), Long.toString(volume.revision())),
            MERGE_PATCH,
            patch));
  }

  @Override
  public String selectNode(String claimKey, Volumes.Claim claim, String node) {
    ObjectNode patch = KubernetesJson.object();
    patch.putObject("metadata").putObject("annotations").put(VolumeReader.SELECTED_NODE, node);
    return commands.send(
        ACTOR,
        new CommandRequest(
            Verb.PATCH,
            SchedulerResources.CLAIMS,
            new Target(
                "",
                "v1",
                "persistentvolumeclaims",
                "",
                ObjectKeys.namespaceOf(claimKey),
                ObjectKeys.nameOf(claimKey)),
            new Precondition(claim.uid(), null),
            MERGE_PATCH,
            patch));
  }

  /** Tells of a pod that cannot be scheduled because it cannot be read. */
  void unreadable(PodObject pod) {
    String message = "the pod cannot be scheduled as it is: " + pod.problem();
    EventRequest event =
        EventRequest.warning(SchedulerResources.PODS, pod, "FailedScheduling", message);
    commands.tell(ACTOR, event.from(defaultName));
  }

  /** A scheduler speaks under the name by which the pod asked for it. */
  private void tell(Pod scheduled, EventRequest event) {
    commands.tell(ACTOR, event.from(scheduled.schedulerName()));
  }

  private static boolean saysSo(Pod.Waiting waiting, String reason, String message) {
    return waiting != null && waiting.reason().equals(reason) && waiting.message().equals(message);
  }

  /** The time of transition stays while the status does. */
  private static JsonNode patchOf(Pod pod, String reason, String message, long nowMs) {
    String since =
        pod.waiting() != null && !pod.waiting().since().isEmpty()
            ? pod.waiting().since()
            : timeAt(nowMs);
    return patchOf("PodScheduled", "False", reason, message, since);
  }

  private static String timeAt(long ms) {
    return Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static JsonNode patchOf(
      String type, String status, String reason, String message, String since) {
    ObjectNode patch = KubernetesJson.object();
    patch
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", type)
        .put("status", status)
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
