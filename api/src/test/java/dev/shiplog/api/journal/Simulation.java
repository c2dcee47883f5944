package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.object;
import static dev.shiplog.api.journal.TestStore.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.journal.PeerNetwork.Fault;
import dev.shiplog.api.projection.DrivenProjection;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.EntryFilter.Verdict;
import dev.shiplog.topics.log.OffsetLostException;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.testing.HeldAppend;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * Some servers on one log that loses, delays and repeats what they append, cuts them off and lets
 * them pause or die, with a network between them that does the same to commits they hand over, and
 * a projection that is fenced in the middle of its work, all by the dice of one seed. Then
 * everything heals, and what clients were told, what watches delivered and what the projected
 * topics hold is held against what the log says.
 *
 * <p>It is long because everything that happens takes its turn from the same dice and clock.
 */
final class Simulation {

  private static final int SERVERS = 3;
  private static final int KEYS = 6;

  /**
   * Longer than a server is paused, so that nobody needs what is cut but those who were cut off.
   */
  private static final Duration HISTORY = Duration.ofSeconds(6);

  private static final int DISTURBANCES = 64;

  private static final long WRITE_BACK = HISTORY.dividedBy(2).toNanos();

  private static final long TICK = Duration.ofMillis(50).toNanos();

  private final Random random;
  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final List<DrivenServer> servers = new ArrayList<>();
  private final Map<DrivenServer, Integer> pauses = new HashMap<>();
  private final List<HeldAppend> held = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private final Map<Long, String> stateAt = new TreeMap<>();
  private final PeerNetwork network = new PeerNetwork();
  private final List<WatchHistory> watches = new ArrayList<>();
  private final Map<DrivenServer, List<WatchHistory>> watchesOf = new HashMap<>();
  private final List<String> staleReads = new ArrayList<>();
  private long answeredReads;
  private CountedChanges counted;
  private long pastStates;
  private long freshReaders;
  private long powerFailures;
  private final SimulatedProjections projections;
  private long acknowledged;
  private long now;

  Simulation(long seed) {
    this.random = new Random(seed);
    this.projections = new SimulatedProjections(log, random, HISTORY, () -> now);
  }

  /** A change that a client asked for. Its content is like no other's. */
  private record Asked(
      ObjectKey key,
      String content,
      boolean deletes,
      long expectedRevision,
      long acknowledgedBefore,
      CompletableFuture<CommitResult> answer) {}

  /** How often each verdict fell on an entry of the log. */
  Map<Verdict, Integer> verdicts() {
    return counted.verdicts();
  }

  /** How many watches began before what is kept. */
  long expiredWatches() {
    return watches.stream().filter(WatchHistory::isExpired).count();
  }

  /** How many states of the past were read. */
  long pastStates() {
    return pastStates;
  }

  /** How many readers built a state from the projected topics alone. */
  long freshReaders() {
    return freshReaders;
  }

  /** How many reads of the newest state were answered. */
  long answeredReads() {
    return answeredReads;
  }

  /** How often the power failed. */
  long powerFailures() {
    return powerFailures;
  }

  /** How many changes were answered with success. */
  long successes() {
    return asked.stream()
        .filter(a -> a.answer().isDone() && !a.answer().isCompletedExceptionally())
        .count();
  }

  void run(int steps) {
    log.ensureTopics(TestStore.topics());
    counted = new CountedChanges(log);
    for (int i = 0; i < SERVERS; i++) {
      start(i, 0);
    }
    servers.getFirst().claim();
    for (int i = 0; i < steps; i++) {
      disturb();
      live();
    }
    heal();
    checkAnswers();
  }

  private void start(int place, int run) {
    DrivenServer server = new DrivenServer("server-" + place + "-" + run, log, now, network);
    server.meanwhile(() -> pollWatches(server, 3));
    network.add(server);
    servers.add(place, server);
    pauses.put(server, 0);
  }

  /** Now and then something goes wrong with one server. */
  private void disturb() {
    int place = random.nextInt(SERVERS);
    DrivenServer server = servers.get(place);
    String journal = TestStore.NAMES.journal();
    switch (random.nextInt(DISTURBANCES)) {
      case 0 -> server.log.faults().failNextAppend(journal);
      case 1 -> server.log.faults().loseNextAnswer(journal);
      case 2 -> server.log.faults().duplicateNextAppend(journal);
      case 3, 4 -> held.add(server.log.faults().holdNextAppend(journal));
      case 5 -> pauses.put(server, random.nextInt(100));
      case 6 -> server.log.faults().cutOff();
      case 7, 8 -> server.log.faults().reconnect();
      case 9 -> replace(place);
      case 10 -> server.claim();
      case 11, 12 -> {
        // What is cut off was looked at before.
        counted.follow();
        projections.step();
      }
      case 13 -> network.failNext(Fault.UNREACHABLE);
      case 14 -> network.failNext(Fault.ANSWER_LOST);
      case 15, 16 -> network.failNext(Fault.DELAYED);
      case 17, 18 -> network.deliver();
      case 19 -> log.compact(TestStore.NAMES.store(TestStore.PODS));
      case 20, 21 -> watch(server);
      case 22 -> network.tellEnded(server.id);
      case 23, 24 -> projections.disturb();
      case 25, 26 -> log.flushToDisk(projections.anyTopic());
      case 27 -> failPower();
      case 28 -> truncate();
      case 29, 30, 31 -> readAfresh();
      default -> {}
    }
    if (!held.isEmpty() && random.nextInt(10) == 0) {
      end(held.remove(random.nextInt(held.size())));
    }
  }

  /** A held append arrives late, or is given up and arrives even so, or is lost. */
  private void end(HeldAppend append) {
    if (!append.waiting()) {
      append.release();
      return;
    }
    switch (random.nextInt(3)) {
      case 0 -> append.release();
      case 1 -> {
        append.giveUp();
        held.add(append);
      }
      default -> append.drop();
    }
  }

  /** The server dies without a word; another takes its place. What it has on its way may arrive. */
  private void replace(int place) {
    DrivenServer dead = servers.remove(place);
    pauses.remove(dead);
    network.remove(dead);
    watchesOf.remove(dead);
    if (random.nextBoolean()) {
      network.tellEnded(dead.id);
    }
    start(place, Integer.parseInt(dead.id.substring(dead.id.lastIndexOf('-') + 1)) + 1);
  }

  private void watch(DrivenServer server) {
    long now = server.state().revision();
    // Half of them begin somewhere in the past.
    long after = random.nextBoolean() ? now : (long) (random.nextDouble() * now);
    WatchHistory watch = new WatchHistory(server, after);
    watches.add(watch);
    watchesOf.computeIfAbsent(server, _ -> new ArrayList<>()).add(watch);
  }

  /** Topics lose what was not flushed; with the broker's host the servers' may go, too. */
  private void failPower() {
    projections.die();
    log.powerFail();
    powerFailures++;
    if (random.nextBoolean()) {
      for (int place = 0; place < SERVERS; place++) {
        replace(place);
      }
    }
  }

  /** Somebody cuts off what could be done without, whatever the history is to be. */
  private void truncate() {
    counted.follow();
    log.flushToDisk();
    if (DrivenProjection.whole(log, TestStore.NAMES).isPresent()) {
      long last = DrivenProjection.lastAnchor(log, TestStore.NAMES);
      log.truncateBefore(DrivenServer.JOURNAL, random.nextLong(last + 1));
    }
  }

  /** Whoever reads the projected topics now gets the state that the journal had at some place. */
  private void readAfresh() {
    counted.follow();
    DrivenProjection.whole(log, TestStore.NAMES)
        .ifPresent(done -> {
          NavigableMap<Long, Change> changes = counted.follow().headMap(done.revision(), true);
          ProjectedTopics projected = new ProjectedTopics(log);
          projected.checkStore(List.copyOf(objects(changes).values()));
          projected.checkOrder();
          projected.checkAudit(changes.values());
          freshReaders++;
        });
  }

  /** What changes leave, by key. */
  private static Map<String, String> objects(NavigableMap<Long, Change> changes) {
    Map<String, String> objects = new TreeMap<>();
    for (Change change : changes.values()) {
      if (change.after() == null) {
        objects.remove(change.key());
      } else {
        objects.put(change.key(), new String(change.after().open(), StandardCharsets.UTF_8));
      }
    }
    return objects;
  }

  private void live() {
    now += TICK;
    if (now % WRITE_BACK < TICK) {
      // An operating system does, long before the history is over.
      log.flushToDisk();
    }
    for (DrivenServer server : List.copyOf(servers)) {
      if (pauses.merge(server, -1, Integer::sum) < 0) {
        pauses.put(server, 0);
        orReplace(server, () -> act(server));
      }
    }
  }

  /** A server that is behind what is kept stops, and another takes its place. */
  private void orReplace(DrivenServer server, Runnable turn) {
    try {
      turn.run();
    } catch (OffsetLostException behind) {
      replace(servers.indexOf(server));
    }
  }

  private void act(DrivenServer server) {
    for (int i = random.nextInt(4); i > 0; i--) {
      ask(server);
    }
    switch (random.nextInt(3)) {
      case 0 -> server.read();
      case 1 -> server.work();
      default -> server.step(now);
    }
    compareStates(server);
    readThePast(server);
    pollWatches(server, 20);
    readLatest(server);
    assertThat(staleReads).isEmpty();
  }

  /** Watchers look when they like: also while what they watch is being applied. */
  private void pollWatches(DrivenServer server, int most) {
    for (WatchHistory watch : watchesOf.getOrDefault(server, List.of())) {
      watch.poll(1 + random.nextInt(most));
    }
  }

  /** Now and then a list at exactly some revision: the state that the journal gives for it. */
  private void readThePast(DrivenServer server) {
    if (random.nextInt(50) != 0 || server.state().revision() == 0) {
      return;
    }
    long revision = 1 + (long) (random.nextDouble() * server.state().revision());
    CompletableFuture<Snapshot> past = server.view().past(TestStore.PODS, revision);
    if (past.isCompletedExceptionally()) {
      assertThat(past.exceptionNow()).isInstanceOf(ApiFailure.class);
      return;
    }
    Map<String, String> expected = objects(counted.follow().headMap(revision, true));
    Map<String, String> found = new TreeMap<>();
    past.join()
        .list(TestStore.PODS, "", "")
        .forEachRemaining(object -> found.put(object.key().text(), text(object)));
    assertThat(found).as("state at revision %d on %s", revision, server.id).isEqualTo(expected);
    pastStates++;
  }

  private void ask(DrivenServer server) {
    ObjectKey key = pod("pod-" + random.nextInt(KEYS));
    EncodedObject current = server.state().get(key.resource(), key.text());
    String content = "content-" + asked.size();
    ProposedChange change;
    if (current == null) {
      change = new ProposedChange.Create(key, object(key, content));
    } else if (random.nextInt(4) == 0) {
      change = new ProposedChange.Delete(key, current.revision());
    } else {
      change = new ProposedChange.Update(key, current.revision(), object(key, content));
    }
    CompletableFuture<CommitResult> answer = server.commit(change);
    asked.add(
        new Asked(
            key,
            content,
            change instanceof ProposedChange.Delete,
            current == null ? 0 : current.revision(),
            acknowledged,
            answer));
    CompletableFuture<Void> _ =
        answer.thenAccept(result -> acknowledged = Math.max(acknowledged, result.revision()));
  }

  /** Servers that have applied as much hold the same. */
  private void compareStates(DrivenServer server) {
    AppliedPosition at = server.applied();
    String state = describe(server);
    String other = stateAt.putIfAbsent(at.offset(), state);
    assertThat(other == null ? state : other)
        .as("state at offset %d, here of %s", at.offset(), server.id)
        .isEqualTo(state);
  }

  private static String describe(DrivenServer server) {
    StringBuilder text = new StringBuilder();
    text.append(server.applied().epoch()).append('/').append(server.applied().sequence());
    text.append('@').append(server.state().revision());
    server
        .state()
        .list(TestStore.PODS, "", "")
        .forEachRemaining(o -> text.append(' ').append(o.key().text()).append('=').append(text(o)));
    return text.toString();
  }

  private static String text(StoredObject object) {
    return new String(object.bytes(), StandardCharsets.UTF_8);
  }

  /** It has all that was acknowledged before it was asked, by any server. */
  private void readLatest(DrivenServer server) {
    long known = acknowledged;
    CompletableFuture<Void> _ =
        server
            .readLatest()
            .thenAccept(snapshot -> {
              answeredReads++;
              if (snapshot.revision() < known) {
                staleReads.add(
                    "%s read at revision %d, and %d was known"
                        .formatted(server.id, snapshot.revision(), known));
              }
            });
  }

  private void heal() {
    held.forEach(HeldAppend::release);
    network.failNext(Fault.NONE);
    network.deliver();
    servers.forEach(server -> server.log.faults().reconnect());
    for (int i = 0; i < 200; i++) {
      now += TICK;
      for (DrivenServer server : List.copyOf(servers)) {
        orReplace(server, () -> server.step(now));
      }
      servers.forEach(this::compareStates);
    }
    assertThat(servers).filteredOn(DrivenServer::leads).as("leaders after it all").hasSize(1);
    assertThat(servers)
        .extracting(DrivenServer::applied)
        .extracting(AppliedPosition::epoch)
        .as("epochs of all servers")
        .allMatch(epoch -> epoch == servers.getFirst().applied().epoch());
  }

  private void checkAnswers() {
    NavigableMap<Long, Change> changes = counted.follow();
    watches.forEach(watch -> watch.check(changes));
    checkProjections(changes);
    Map<String, Long> timesStored =
        changes.values().stream()
            .filter(change -> change.after() != null)
            .collect(Collectors.groupingBy(Simulation::content, Collectors.counting()));
    for (Asked ask : asked) {
      long times = timesStored.getOrDefault(ask.content(), 0L);
      if (!ask.answer().isDone()) {
        // Its server died.
        assertThat(times).as("%s", ask).isLessThanOrEqualTo(1);
      } else if (ask.answer().isCompletedExceptionally()) {
        checkRefusal(ask, times);
      } else {
        checkSuccess(ask, times, changes);
      }
    }
  }

  private void checkProjections(NavigableMap<Long, Change> counted) {
    // Whatever was still to go wrong with it.
    projections.project();
    readAfresh();
    ProjectedTopics projected = new ProjectedTopics(log);
    projected.checkStore(servers.getFirst().state());
    projected.checkOrder();
    projected.checkAudit(counted.values());
    log.compact(TestStore.NAMES.store(TestStore.PODS));
    projected.checkStore(servers.getFirst().state());
  }

  private static void checkSuccess(Asked ask, long times, Map<Long, Change> counted) {
    CommitResult result = ask.answer().join();
    Change change = counted.get(result.revision());
    assertThat(change).as("the change answered to %s", ask).isNotNull();
    assertThat(change.key()).isEqualTo(ask.key().text());
    assertThat(result.revision()).as("%s", ask).isGreaterThan(ask.acknowledgedBefore());
    assertThat(revisionBefore(change)).as("%s", ask).isEqualTo(ask.expectedRevision());
    if (ask.deletes()) {
      assertThat(change.after()).isNull();
    } else {
      assertThat(change.after().open()).isEqualTo(result.objects().getFirst().bytes());
      assertThat(content(change)).isEqualTo(ask.content());
      assertThat(times).as("%s", ask).isEqualTo(1);
    }
  }

  private static void checkRefusal(Asked ask, long times) {
    Throwable thrown = catchThrowable(ask.answer()::join);
    Throwable failure = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    boolean unknown = failure instanceof ApiFailure f && f.reason() == Reason.TIMEOUT;
    assertThat(times)
        .as("%s, which was refused with %s", ask, failure)
        .isBetween(0L, unknown ? 1L : 0L);
  }

  private static long revisionBefore(Change change) {
    return change.before() == null
        ? 0
        : Json.read(change.before().open(), JsonNode.class)
            .at("/metadata/resourceVersion")
            .asLong();
  }

  private static String content(Change change) {
    return Json.read(change.after().open(), JsonNode.class).path("spec").path("content").asText();
  }
}
