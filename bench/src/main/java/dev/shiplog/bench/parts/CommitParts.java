package dev.shiplog.bench.parts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.journal.JournalEnvironment;
import dev.shiplog.api.journal.JournalSettings;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.StoredResources;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.ObjectTemplate;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The steps of a commit of an object of 1 KB, each for itself, and all of them together. */
@org.openjdk.jmh.annotations.State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CommitParts {

  private static final int HELD = 10_000;

  private ObjectNode tree;
  private ObjectKey key;
  private EncodedObject object;
  private Entry entry;
  private byte[] entryBytes;
  private State state;
  private EncodedObject[] updates;
  private JournalStore store;
  private long next;

  /** Prepares a state of some size, and a store on a log in memory. */
  @Setup
  public void prepare() {
    tree = Samples.object(1);
    key = Samples.key(1);
    object = Samples.encoded(1, 1);
    SealedValue value = SealedValue.plain(object.bytes());
    Change change = new Change(Samples.MAPS, object.keyText(), 1, value, value);
    entry = new Entry.Commit(1, 1, 0, Samples.origin(), List.of(change));
    entryBytes = EntryCodec.encode(entry);
    state = State.EMPTY;
    updates = new EncodedObject[HELD];
    for (int i = 0; i < HELD; i++) {
      state = state.plus(Samples.encoded(i, i + 1));
      updates[i] = Samples.encoded(i, HELD + i + 1);
    }
    store = store();
  }

  /** Stops the store. */
  @TearDown
  public void close() {
    store.close();
  }

  /** From a tree to stored bytes. */
  @Benchmark
  public ObjectTemplate encodeObject() {
    return Samples.CODEC.encode(key, object.keyText(), tree);
  }

  /** From stored bytes to an object with what is indexed of it. */
  @Benchmark
  public EncodedObject decodeObject() {
    return Samples.CODEC.decode(key, object.keyText(), object.bytes());
  }

  /** From an entry with before and after to the journal's bytes. */
  @Benchmark
  public byte[] encodeEntry() {
    return EntryCodec.encode(entry);
  }

  /** And back. */
  @Benchmark
  public Entry decodeEntry() {
    return EntryCodec.decode(entryBytes);
  }

  /** Puts an update into a state of 10,000 objects. */
  @Benchmark
  public State apply() {
    return state.plus(updates[(int) (next++ % HELD)]);
  }

  /** Prepares, decides, appends in memory, reads back and applies a creation; one at a time. */
  @Benchmark
  public Object decideAppendApply() {
    long number = next++;
    return store
        .commit(
            new CommitRequest(
                Samples.origin(),
                List.of(new ProposedChange.Create(Samples.key(number), Samples.object(number))),
                false))
        .join();
  }

  private static JournalStore store() {
    TopicNames names = new TopicNames("bench");
    InMemoryTopicLog log = new InMemoryTopicLog(2L << 30);
    log.ensureTopics(new TopicCatalogue(names, 1, 1).all(List.of(Samples.MAPS)));
    JournalStore store =
        new JournalStore(
            JournalSettings.alone("bench"),
            new JournalEnvironment(
                log,
                names,
                InstantSource.system(),
                System::nanoTime,
                RandomGenerator.getDefault(),
                (what, cause) -> {
                  throw new IllegalStateException(what, cause);
                },
                Thread.ofPlatform().daemon()::unstarted),
            new StoredResources(List.of(Samples.MAPS), new Registry().fields(), List.of()));
    store.start();
    return store;
  }
}
