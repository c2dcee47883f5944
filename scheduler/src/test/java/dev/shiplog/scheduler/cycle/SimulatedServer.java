package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Resources;
import dev.shiplog.topics.journal.CommandResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The rest of the world, as it really is. Commands wait here to be carried out; what changes waits
 * to be read, in order for each kind; so do outcomes. After each change no node may hold more than
 * it has.
 */
final class SimulatedServer implements Outbox {

  /**
   * A command on its way, to delete the pod where there is no node; those of an older generation
   * are refused.
   */
  private record Command(String id, int generation, Pod pod, String node) {}

  final Map<String, Pod> pods = new TreeMap<>();
  final Map<String, Node> nodes = new TreeMap<>();
  final Deque<Consumer<Scheduler>> podReads = new ArrayDeque<>();
  final Deque<Consumer<Scheduler>> nodeReads = new ArrayDeque<>();
  final Deque<Consumer<Scheduler>> outcomeReads = new ArrayDeque<>();
  private final Map<String, Deque<Command>> commandsByPod = new TreeMap<>();
  private int generation;
  private long nextCommand;
  private long podsRevision;
  private long nowMs;

  void setTime(long ms) {
    nowMs = ms;
  }

  /**
   * From here on commands of earlier schedulers are refused, and nobody waits for their outcomes.
   */
  void begin() {
    generation++;
    outcomeReads.clear();
  }

  long podsRevision() {
    return podsRevision;
  }

  void putPod(Pod pod) {
    Pod stored = PodEdits.atRevision(pod, ++podsRevision);
    pods.put(stored.key(), stored);
    assertNotOvercommitted(stored.nodeName());
    podReads.add(scheduler -> scheduler.putPod(stored, nowMs));
  }

  void removePod(String key) {
    long revision = ++podsRevision;
    pods.remove(key);
    podReads.add(scheduler -> scheduler.removePod(key, revision, nowMs));
  }

  /** Graceful deletion ends at some time. */
  void endThoseBeingDeleted() {
    pods.values().stream().filter(Pod::terminating).map(Pod::key).toList().forEach(this::removePod);
  }

  void putNode(Node node) {
    nodes.put(node.name(), node);
    nodeReads.add(scheduler -> scheduler.putNode(node, nowMs));
  }

  void removeNode(String name) {
    nodes.remove(name);
    nodeReads.add(scheduler -> scheduler.removeNode(name, nowMs));
  }

  @Override
  public String bind(Pod pod, String node) {
    String id = generation + "-" + nextCommand++;
    commandsByPod
        .computeIfAbsent(pod.key(), key -> new ArrayDeque<>())
        .add(new Command(id, generation, pod, node));
    return id;
  }

  @Override
  public void pending(Pod pod, String reason, String message, long ms) {
    // Its condition changes nothing of how it is scheduled.
  }

  @Override
  public void nominate(Pod pod, String node) {
    // Written for others to see.
  }

  @Override
  public void preempt(Pod victim, Pod preemptor, String node, long ms) {
    commandsByPod
        .computeIfAbsent(victim.key(), key -> new ArrayDeque<>())
        .add(new Command(generation + "-" + nextCommand++, generation, victim, ""));
  }

  @Override
  public void gated(Pod pod, long nowMs) {
    // Its condition changes nothing of how it is scheduled.
  }

  @Override
  public void bound(Pod pod, String node) {
    // Only an Event.
  }

  /** The pods that have commands on their way. */
  List<String> commanded() {
    return new ArrayList<>(commandsByPod.keySet());
  }

  /** Carries out a pod's next command. */
  void execute(String podKey, boolean refuse) {
    Command command = take(podKey);
    CommandResult result = refuse ? refusal("refused by chance") : tryBind(command);
    if (command.generation() == generation) {
      outcomeReads.add(scheduler -> scheduler.decided(command.id(), result, nowMs));
    }
  }

  /** A pod's next command is never carried out, and nobody learns of it. */
  void lose(String podKey) {
    take(podKey);
  }

  private Command take(String podKey) {
    Deque<Command> commands = commandsByPod.get(podKey);
    Command command = commands.removeFirst();
    if (commands.isEmpty()) {
      commandsByPod.remove(podKey);
    }
    return command;
  }

  private CommandResult tryBind(Command command) {
    Pod pod = pods.get(command.pod().key());
    if (command.generation() < generation) {
      return refusal("a newer generation has begun");
    }
    if (command.node().isEmpty()) {
      return preempted(pod, command);
    }
    if (pod == null || !pod.isSamePod(command.pod()) || !pod.isPending()) {
      return refusal("not there, not the same, bound or being deleted");
    }
    putPod(PodEdits.boundTo(pod, command.node()));
    return new CommandResult(201, "", "", "pods", podsRevision);
  }

  /** It goes some time later, as pods do. */
  private CommandResult preempted(Pod pod, Command command) {
    if (pod != null && pod.isSamePod(command.pod())) {
      putPod(PodEdits.beingDeleted(pod));
    }
    return new CommandResult(200, "", "", "pods", podsRevision);
  }

  private CommandResult refusal(String message) {
    return new CommandResult(409, "Conflict", message, "pods", podsRevision);
  }

  private void assertNotOvercommitted(String nodeName) {
    Node node = nodes.get(nodeName);
    if (node == null) {
      return;
    }
    List<Pod> there = podsOn(nodeName);
    Resources taken = taken(there);
    if (there.size() > node.maxPods()
        || taken.cpuMilli() > node.allocatable().cpuMilli()
        || taken.memoryBytes() > node.allocatable().memoryBytes()) {
      throw new AssertionError(nodeName + " has " + node.allocatable() + " and holds " + there);
    }
  }

  /** True if a node could take one more pod that is like that, and nothing else is in its way. */
  boolean hasRoomFor(Pod pod) {
    return nodes.values().stream().anyMatch(node -> takes(node, pod));
  }

  private boolean takes(Node node, Pod pod) {
    List<Pod> there = podsOn(node.name());
    Resources left = node.allocatable().minus(taken(there));
    Resources wanted = pod.shape().requests();
    return !node.unschedulable()
        && pod.shape().toleratesTaintsOf(node)
        && there.size() < node.maxPods()
        && wanted.cpuMilli() <= left.cpuMilli()
        && wanted.memoryBytes() <= left.memoryBytes();
  }

  private List<Pod> podsOn(String nodeName) {
    return pods.values().stream()
        .filter(pod -> pod.nodeName().equals(nodeName) && !pod.finished())
        .toList();
  }

  private static Resources taken(List<Pod> there) {
    return there.stream().map(p -> p.shape().requests()).reduce(Resources.NONE, Resources::plus);
  }
}
