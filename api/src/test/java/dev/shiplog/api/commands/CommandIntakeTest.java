package dev.shiplog.api.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.api.journal.JournalSettings;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.TestStore;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.journal.EntryFilter;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The intake on a real store and a log in memory; only the verbs are played by the test. One file:
 * half of it is what every case needs to send commands and to read the journal.
 */
class CommandIntakeTest {

  private static final Partition COMMANDS = Partition.only(TestStore.NAMES.commands());
  private static final Partition JOURNAL = Partition.only(TestStore.NAMES.journal());
  private static final IntakeSettings SETTINGS =
      new IntakeSettings(Duration.ofSeconds(10), Duration.ofMillis(5));

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final ExecutorService workers = Executors.newFixedThreadPool(4);
  private final List<AutoCloseable> servers = new ArrayList<>();

  @BeforeEach
  void makeCommandsTopic() {
    log.ensureTopics(List.of(new TopicSpec(COMMANDS.topic(), 1, Map.of())));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable server : servers.reversed()) {
      server.close();
    }
    workers.shutdownNow();
    faults.assertNone();
  }

  @Test
  void aCommandIsCarriedOutAndItsCommitNamesIt() {
    send(create("a"));

    JournalStore store = server(log);

    awaitDecided(1);
    assertThat(store.current().get(TestStore.pod("a"))).isPresent();
    Entry.Commit commit = (Entry.Commit) decisions().getFirst();
    CommandRef ref = commit.origin().command().orElseThrow();
    assertThat(ref.offset()).isZero();
    assertThat(ref.topicId()).isEqualTo(log.topicId(COMMANDS.topic()).orElseThrow());
  }

  @Test
  void aRefusedCommandIsSkippedWithItsRefusal() {
    send(create("a"), create("a"));

    server(log);

    awaitDecided(2);
    Entry.Skip skip = (Entry.Skip) decisions().getLast();
    assertThat(skip.result().code()).isEqualTo(409);
    assertThat(skip.result().reason()).isEqualTo("AlreadyExists");
    assertThat(skip.origin().command().orElseThrow().offset()).isEqualTo(1);
  }

  @Test
  void whatIsNoCommandIsRefusedAndHoldsUpNobody() {
    append("k", "{ not json");
    append("k", "{\"verb\":\"CREATE\",\"id\":\"x\",\"application\":\"app\",\"actor\":\"u\"}");
    append("k", "{\"verb\":\"FROBNICATE\"}");
    send(create("a"));

    JournalStore store = server(log);

    awaitDecided(4);
    assertThat(skips()).extracting(CommandResult::code).containsExactly(400, 400, 400);
    assertThat(skips().get(1).message()).isEqualTo("no command: CREATE needs a target");
    assertThat(store.current().get(TestStore.pod("a"))).isPresent();
  }

  @Test
  void commandsWithOneKeyTakeEffectInTheOrderTheyWereSent() {
    List<String> order = List.copyOf(names("x", 50));
    order.forEach(name -> append("one key", Json.bytes(create(name))));

    server(log);

    awaitDecided(order.size());
    assertThat(created()).containsExactlyElementsOf(order);
  }

  @Test
  void aCommandThatTakesLongHoldsUpItsOwnKeyOnly() {
    CompletableFuture<Void> slow = new CompletableFuture<>();
    send(create("slow"), create("quick"));

    server(
        log,
        store ->
            (command, ref) ->
                command.target().name().equals("slow")
                    ? slow.thenCompose(_ -> commit(store, command, ref))
                    : commit(store, command, ref));

    awaitDecided(1);
    assertThat(created()).containsExactly("quick");
    slow.complete(null);
    awaitDecided(2);
  }

  @Test
  void aGenerationThatBeganMakesOlderOnesRefused() {
    send(begin(2));
    server(log);
    awaitDecided(1);

    send(create("late", 1), begin(1), create("now", 2));

    awaitDecided(4);
    assertThat(created()).containsExactly("now");
    assertThat(skips()).extracting(CommandResult::code).containsExactlyInAnyOrder(200, 409, 409);
    assertThat(skips().getLast().message())
        .isEqualTo("generation 1 of application app is no longer active: generation 2 is");
  }

  @Test
  void anUnavailableStoreIsTriedAgainUntilItIsThere() {
    AtomicInteger refusals = new AtomicInteger(3);
    send(create("a"));

    server(
        log,
        store ->
            (command, ref) ->
                refusals.getAndDecrement() > 0
                    ? CompletableFuture.failedFuture(Failures.unavailable("not now"))
                    : commit(store, command, ref));

    awaitDecided(1);
    assertThat(created()).containsExactly("a");
  }

  @Test
  void anAnswerThatIsLostAfterTheCommitDoesNotMakeASecondOne() {
    send(create("a"));

    server(
        log,
        store ->
            (command, ref) ->
                commit(store, command, ref)
                    .thenCompose(_ -> CompletableFuture.failedFuture(Failures.timeout("unknown"))));

    awaitDecided(1);
    send(create("b"));
    awaitDecided(2);
    assertThat(created()).containsExactly("a", "b");
  }

  @Test
  void anExecutorThatBreaksOnACommandHasItRefused() {
    send(create("bad"), create("good"));

    server(
        log,
        store ->
            (command, ref) -> {
              if (command.target().name().equals("bad")) {
                throw new IllegalStateException("a bug");
              }
              return commit(store, command, ref);
            });

    awaitDecided(2);
    assertThat(created()).containsExactly("good");
    assertThat(skips()).extracting(CommandResult::reason).containsExactly("InternalError");
  }

  @Test
  void aRestartedServerGoesOnWhereTheLastOneEnded() throws Exception {
    send(create("a"));
    JournalStore first = server(log);
    awaitDecided(1);
    stopServers();
    send(create("b"));

    JournalStore second = server(log);

    awaitDecided(2);
    assertThat(created()).containsExactly("a", "b");
    assertThat(second).isNotSameAs(first);
  }

  @Test
  void aServerThatTakesOverDecidesWhatTheOtherLeftOpenAndNothingTwice() throws Exception {
    InMemoryTopicLog cut = log.connect();
    ConcurrentLinkedQueue<CompletableFuture<Void>> stuck = new ConcurrentLinkedQueue<>();
    names("p", 40).forEach(name -> send(create(name)));
    server(
        cut,
        store ->
            (command, ref) -> {
              if (command.target().name().endsWith("7")) {
                CompletableFuture<Void> never = new CompletableFuture<>();
                stuck.add(never);
                return never.thenCompose(_ -> commit(store, command, ref));
              }
              return commit(store, command, ref);
            });
    awaitDecided(36);

    server(log);
    // The first still carries out what it had begun, after another has taken over.
    stuck.forEach(command -> command.complete(null));

    awaitDecided(40);
    assertThat(created()).containsExactlyInAnyOrderElementsOf(names("p", 40));
    assertThat(offsetsDecided()).doesNotHaveDuplicates().hasSize(40);
  }

  @Test
  void commandsThatExpiredBeforeTheyWereReadAreLeftOut() {
    send(create("expired"), create("a"));
    log.truncateBefore(COMMANDS, 1);

    server(log);

    awaitDecided(1);
    assertThat(created()).containsExactly("a");
  }

  @Test
  void manyCommandsAreDecidedEachOnce() {
    List<String> names = names("m", 3 * CommandLedger.WINDOW);
    names.forEach(name -> send(create(name)));

    server(log);

    awaitDecided(names.size());
    assertThat(offsetsDecided()).doesNotHaveDuplicates().hasSize(names.size());
  }

  private interface Verbs {
    CommandExecutor on(JournalStore store);
  }

  private JournalStore server(InMemoryTopicLog connection) {
    return server(connection, store -> (command, ref) -> commit(store, command, ref));
  }

  private JournalStore server(InMemoryTopicLog connection, Verbs verbs) {
    JournalStore store = TestStore.on(connection, faults, JournalSettings.alone("api"));
    CommandIntake intake =
        new CommandIntake(
            connection,
            TestStore.NAMES,
            store,
            () -> store.applied().ledger(),
            verbs.on(store),
            SETTINGS,
            new CommandIntake.Environment(
                InstantSource.system(), workers, Thread.ofPlatform().daemon()::unstarted, faults));
    store.addListener(intake);
    store.start();
    servers.add(store);
    servers.add(intake);
    return store;
  }

  private void stopServers() throws Exception {
    for (AutoCloseable server : servers.reversed()) {
      server.close();
    }
    servers.clear();
  }

  /** What a create over HTTP comes to. */
  private static CompletableFuture<Optional<CommandResult>> commit(
      JournalStore store, Command command, CommandRef ref) {
    ObjectKey key = TestStore.pod(command.target().name());
    Origin origin = CommandOrigin.of(command, ref, 0);
    return store
        .commit(
            new CommitRequest(
                origin, List.of(new ProposedChange.Create(key, TestStore.object(key, "x"))), false))
        .thenApply(_ -> Optional.<CommandResult>empty())
        .exceptionallyCompose(CommandIntakeTest::refusalOrFailure);
  }

  private static CompletableFuture<Optional<CommandResult>> refusalOrFailure(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof ApiFailure refusal && refusal.code() < 500
        ? CompletableFuture.completedFuture(
            Optional.of(
                new CommandResult(
                    refusal.code(), refusal.reason().text(), refusal.getMessage(), "pods", 0)))
        : CompletableFuture.failedFuture(cause);
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  private static Command create(String name) {
    return create(name, 1);
  }

  private static Command create(String name, long generation) {
    Target target = new Target("", "v1", "pods", "", "default", name);
    return new Command(
        "c-" + name, "app", generation, "actor", Verb.CREATE, target, null, null, null);
  }

  private static Command begin(long generation) {
    return new Command("begin", "app", generation, "actor", Verb.BEGIN, null, null, null, null);
  }

  private void send(Command... commands) {
    for (Command command : commands) {
      append(command.key(), Json.bytes(command));
    }
  }

  private void append(String key, String value) {
    append(key, value.getBytes(UTF_8));
  }

  private void append(String key, byte[] value) {
    try (LogWriter writer = log.openWriter()) {
      writer.append(COMMANDS, LogRecord.of(key.getBytes(UTF_8), value, 0)).join();
    }
  }

  private void awaitDecided(int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> decisions().size() >= count);
    assertThat(decisions()).hasSize(count);
  }

  /** Entries that count and name a command, in the order of the journal. */
  private List<Entry> decisions() {
    EntryFilter filter = new EntryFilter();
    return journal().stream()
        .filter(entry -> filter.judge(entry).counts())
        .filter(entry -> command(entry).isPresent())
        .toList();
  }

  private static Optional<CommandRef> command(Entry entry) {
    return switch (entry) {
      case Entry.Commit commit -> commit.origin().command();
      case Entry.Skip skip -> skip.origin().command();
      case Entry.Claim _, Entry.Heartbeat _, Entry.Mark _ -> Optional.empty();
    };
  }

  private List<Entry> journal() {
    List<Entry> entries = new ArrayList<>();
    try (LogReader reader = log.openReader(Isolation.READ_UNCOMMITTED)) {
      reader.assign(Map.of(JOURNAL, 0L));
      long end = log.end(JOURNAL, Isolation.READ_UNCOMMITTED);
      while (reader.position(JOURNAL) < end) {
        for (StoredRecord stored : reader.poll(Duration.ZERO)) {
          entries.add(EntryCodec.decode(stored.record().value()));
        }
      }
    }
    return entries;
  }

  private List<String> created() {
    return decisions().stream()
        .filter(Entry.Commit.class::isInstance)
        .map(entry -> ((Entry.Commit) entry).changes().getFirst().key().replace("default/", ""))
        .toList();
  }

  private List<CommandResult> skips() {
    return decisions().stream()
        .filter(Entry.Skip.class::isInstance)
        .map(entry -> ((Entry.Skip) entry).result())
        .toList();
  }

  private List<Long> offsetsDecided() {
    return decisions().stream().map(entry -> command(entry).orElseThrow().offset()).toList();
  }
}
