package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Resources;
import dev.shiplog.scheduler.model.Volumes;
import dev.shiplog.topics.journal.CommandResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The rest of the world, as it really is. Commands wait here to be carried out; what changes waits
 * to be read, in order for each kind; so do outcomes. After each change no node may hold more than
 * it has.
 */
final class SimulatedServer implements Outbox {

  /**
   * A command on its way; those of an older generation are refused.
   *
   * @param victim to be deleted; null where pods are to be bound
   */
  private record Command(
      String id, int generation, List<Placing> placings, boolean allOrNone, Pod victim) {

    boolean isAbout(Set<String> podKeys) {
      return keys().stream().anyMatch(podKeys::contains);
    }

    List<String> keys() {
      return victim == null
          ? placings.stream().map(each -> each.pod().key()).toList()
          : List.of(victim.key());
    }
  }

  final Map<String, Pod> pods = new TreeMap<>();
  final Map<String, Node> nodes = new TreeMap<>();
  final Deque<Consumer<Scheduler>> podReads = new ArrayDeque<>();
  final Deque<Consumer<Scheduler>> nodeReads = new ArrayDeque<>();
  final Deque<Consumer<Scheduler>> outcomeReads = new ArrayDeque<>();
  private final List<Command> commands = new ArrayList<>();
  private int generation;
  private long nextCommand;
  private long podsRevision;
  private long nowMs;
  private int boundTogether;

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

  /** How many pods were bound by commands for all or none. */
  int boundTogether() {
    return boundTogether;
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
  public String bind(List<Placing> placings, boolean allOrNone) {
    String id = generation + "-" + nextCommand++;
    commands.add(new Command(id, generation, List.copyOf(placings), allOrNone, null));
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
    String id = generation + "-" + nextCommand++;
    commands.add(new Command(id, generation, List.of(), false, victim));
  }

  @Override
  public void gated(Pod pod, long nowMs) {
    // Its condition changes nothing of how it is scheduled.
  }

  @Override
  public String keepVolume(
      String name, Volumes.Volume volume, String claimKey, Volumes.Claim claim) {
    throw new UnsupportedOperationException("there are no volumes here");
  }

  @Override
  public String selectNode(String claimKey, Volumes.Claim claim, String node) {
    throw new UnsupportedOperationException("there are no volumes here");
  }

  /** Ids of the commands that may be carried out next: about each pod, one at a time in order. */
  List<String> commanded() {
    List<String> next = new ArrayList<>();
    Set<String> earlier = new HashSet<>();
    for (Command command : commands) {
      if (!command.isAbout(earlier)) {
        next.add(command.id());
      }
      earlier.addAll(command.keys());
    }
    return next;
  }

  /** Carries out a command. */
  void execute(String id, boolean refuse) {
    Command command = take(id);
    CommandResult result = refuse ? refusal("refused by chance") : carryOut(command);
    if (command.generation() == generation) {
      outcomeReads.add(scheduler -> scheduler.decided(command.id(), result, nowMs));
    }
  }

  /** A command is never carried out, and nobody learns of it. */
  void lose(String id) {
    take(id);
  }

  private Command take(String id) {
    Command command =
        commands.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    commands.remove(command);
    return command;
  }

  private CommandResult carryOut(Command command) {
    if (command.generation() < generation) {
      return refusal("a newer generation has begun");
    }
    if (command.victim() != null) {
      return preempted(pods.get(command.victim().key()), command);
    }
    List<Placing> able = command.placings().stream().filter(this::canBeBound).toList();
    if (able.isEmpty() || (command.allOrNone() && able.size() < command.placings().size())) {
      return refusal("not there, not the same, bound or being deleted, or no room");
    }
    able.forEach(each -> putPod(PodEdits.boundTo(pods.get(each.pod().key()), each.node())));
    if (command.allOrNone()) {
      boundTogether += able.size();
    }
    return new CommandResult(200, "", "", "pods", podsRevision);
  }

  private boolean canBeBound(Placing placing) {
    Pod pod = pods.get(placing.pod().key());
    return pod != null && pod.isSamePod(placing.pod()) && pod.isPending();
  }

  /** It goes some time later, as pods do. */
  private CommandResult preempted(Pod pod, Command command) {
    if (pod != null && pod.isSamePod(command.victim())) {
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
