package dev.shiplog.scheduler.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.check.OvercommitChecker;
import dev.shiplog.scheduler.cycle.Outbox.Placing;
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
 * to be read, in order for each kind; so do outcomes. Whenever a pod comes to a node, the node must
 * have room for it.
 */
final class SimulatedServer {

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
  private final boolean refusesWhatHasNoRoom;
  private int generation;
  private long nextCommand;
  private long podsRevision;
  private long nowMs;
  private int refusedForRoom;

  /**
   * A server.
   *
   * @param refusesWhatHasNoRoom whether it looks after its nodes itself, as the API server does; if
   *     not, a scheduler that asks for too much is found out
   */
  SimulatedServer(boolean refusesWhatHasNoRoom) {
    this.refusesWhatHasNoRoom = refusesWhatHasNoRoom;
  }

  void setTime(long ms) {
    nowMs = ms;
  }

  /**
   * From here on commands of earlier schedulers are refused, and nobody waits for their outcomes.
   *
   * @return through which the next scheduler speaks
   */
  Outbox begin() {
    generation++;
    outcomeReads.clear();
    return new Sender(generation);
  }

  /** How often a pod was not bound because there was no room for it any more. */
  int refusedForRoom() {
    return refusedForRoom;
  }

  long podsRevision() {
    return podsRevision;
  }

  void putPod(Pod pod) {
    Pod stored = PodEdits.atRevision(pod, ++podsRevision);
    Pod before = pods.put(stored.key(), stored);
    if (before == null || !before.isBound()) {
      assertNotOvercommitted(stored);
    }
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

  /** What a scheduler says, marked with the generation it belongs to. */
  private final class Sender implements Outbox {

    private final int ofGeneration;

    Sender(int ofGeneration) {
      this.ofGeneration = ofGeneration;
    }

    @Override
    public String bind(List<Placing> placings, boolean allOrNone) {
      return send(List.copyOf(placings), allOrNone, null);
    }

    @Override
    public void preempt(Pod victim, Pod preemptor, String node, long ms) {
      send(List.of(), false, victim);
    }

    private String send(List<Placing> placings, boolean allOrNone, Pod victim) {
      String id = ofGeneration + "-" + nextCommand++;
      commands.add(new Command(id, ofGeneration, placings, allOrNone, victim));
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
    int bound = 0;
    for (Placing each : able) {
      bound += bind(pods.get(each.pod().key()), each.node()) ? 1 : 0;
    }
    if (bound == 0) {
      return refusal("no room");
    }
    return new CommandResult(200, "", "", "pods", podsRevision);
  }

  /**
   * Binds a pod, by whomever it was asked for.
   *
   * @return false if the node has no room for it
   */
  boolean bind(Pod pod, String nodeName) {
    Node node = nodes.get(nodeName);
    if (refusesWhatHasNoRoom && node != null && !hasRoom(node, pod)) {
      refusedForRoom++;
      return false;
    }
    putPod(PodEdits.boundTo(pod, nodeName));
    return true;
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

  /** Judged by other code than that which gives the room away. */
  private void assertNotOvercommitted(Pod arrived) {
    OvercommitChecker checker = new OvercommitChecker();
    nodes.values().forEach(node -> checker.node(0, node.name(), node));
    podsOn(arrived.nodeName()).stream()
        .filter(pod -> !pod.key().equals(arrived.key()))
        .forEach(pod -> checker.pod(0, pod.key(), pod));
    int before = checker.findings().size();
    checker.pod(1, arrived.key(), arrived);
    assertThat(checker.findings()).as("findings").hasSize(before);
  }

  /** True if a node could take one more pod that is like that, and nothing else is in its way. */
  boolean hasRoomFor(Pod pod) {
    return nodes.values().stream().anyMatch(node -> takes(node, pod));
  }

  private boolean takes(Node node, Pod pod) {
    return !node.unschedulable() && pod.shape().toleratesTaintsOf(node) && hasRoom(node, pod);
  }

  private boolean hasRoom(Node node, Pod pod) {
    List<Pod> there = podsOn(node.name());
    Resources left = node.allocatable().minus(taken(there));
    Resources wanted = pod.shape().requests();
    return there.size() < node.maxPods()
        && (wanted.cpuMilli() == 0 || wanted.cpuMilli() <= left.cpuMilli())
        && (wanted.memoryBytes() == 0 || wanted.memoryBytes() <= left.memoryBytes());
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
