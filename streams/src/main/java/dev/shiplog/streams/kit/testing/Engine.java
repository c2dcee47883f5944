package dev.shiplog.streams.kit.testing;

import dev.shiplog.streams.kit.Application;
import dev.shiplog.streams.kit.core.ApplicationCore;
import dev.shiplog.streams.kit.core.CatchUp;
import dev.shiplog.streams.kit.view.ViewSet;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** What hands an application its records and takes its commands. One for each process's life. */
public interface Engine extends AutoCloseable {

  /** Hands over a record of a store topic. */
  void read(StoreRecord record, Instant now);

  void outcome(Outcome outcome, Instant now);

  /** Called often. */
  void time(Instant now);

  /** The commands since the last call, in order. */
  List<Command> drain();

  @Override
  void close();

  /** Makes engines. */
  @FunctionalInterface
  interface Factory {

    /**
     * A process starts.
     *
     * @param compacted what it restores its views from
     * @param backlog what was on its way then
     */
    Engine start(
        Supplier<Application> applications,
        List<StoreRecord> compacted,
        CatchUp backlog,
        Instant now);
  }

  /** The application's state machine and nothing around it. */
  static Engine direct(
      Supplier<Application> applications,
      List<StoreRecord> compacted,
      CatchUp backlog,
      Instant now) {
    Application application = applications.get();
    ViewSet views = ViewSet.of(application.resources(), application.indexes());
    for (StoreRecord record : compacted) {
      views
          .view(record.resource())
          .apply(record.key(), record.value(), record.revision(), record.timestampMs());
    }
    ApplicationCore core = new ApplicationCore(application, views, backlog);
    core.start(now);
    return new Direct(core);
  }

  /** See {@link #direct}. */
  record Direct(ApplicationCore core) implements Engine {

    @Override
    public void read(StoreRecord record, Instant now) {
      core.onRecord(
          record.resource(),
          record.key(),
          record.value(),
          record.revision(),
          record.timestampMs(),
          now);
      core.onTime(now);
    }

    @Override
    public void outcome(Outcome outcome, Instant now) {
      core.onOutcome(outcome, now);
      core.onTime(now);
    }

    @Override
    public void time(Instant now) {
      core.onTime(now);
    }

    @Override
    public List<Command> drain() {
      return core.drain();
    }

    @Override
    public void close() {}
  }
}
