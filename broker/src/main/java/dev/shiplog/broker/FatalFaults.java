package dev.shiplog.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Kafka does when it cannot go on: instead of ending the process it is told to whoever runs
 * the broker, once. A log directory that fails is met deep inside Kafka, which halts the virtual
 * machine by a static method without saying whose directory it was; then every running broker's
 * owner is told.
 */
final class FatalFaults implements FaultHandlerFactory, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FatalFaults.class);

  private static final Set<FatalFaults> RUNNING = new CopyOnWriteArraySet<>();

  private static final long SOME_SPACE_BYTES = 16L << 20;

  /** Given back before the owner is told, who most likely writes to the same disk. */
  private static final String SPACE_FOR_LAST_WORDS = "space-for-last-words";

  private static final int LAST_WORDS_BYTES = 1 << 20;

  private final Path dataDir;
  private final Consumer<String> owner;
  private final AtomicBoolean told = new AtomicBoolean();

  FatalFaults(Path dataDir, Consumer<String> owner) {
    this.dataDir = dataDir;
    this.owner = owner;
    keepSpace();
    RUNNING.add(this);
    Exit.setHaltProcedure((status, message) -> tellAll(message));
    Exit.setExitProcedure((status, message) -> tellAll(message));
  }

  @Override
  public FaultHandler build(String name, boolean fatal, Runnable action) {
    if (!fatal) {
      return new LoggingFaultHandler(name, action);
    }
    return (message, cause) -> {
      action.run();
      tell(name + ": " + message + (cause == null ? "" : ": " + cause));
      return new FaultHandlerException(name + ": " + message, cause);
    };
  }

  /** From here on nobody is told: a broker that is being stopped may fail as it likes. */
  @Override
  public void close() {
    told.set(true);
    RUNNING.remove(this);
  }

  private static void tellAll(String message) {
    RUNNING.forEach(
        faults -> faults.tell(message == null ? "its disk cannot be read or written" : message));
  }

  private void tell(String what) {
    if (told.compareAndSet(false, true)) {
      String state = diskState();
      giveSpaceBack();
      owner.accept("the Kafka broker in " + dataDir + " stopped: " + what + state);
    }
  }

  /** Where even this does not fit, the broker will say so itself. */
  private void keepSpace() {
    try {
      Files.write(dataDir.resolve(SPACE_FOR_LAST_WORDS), new byte[LAST_WORDS_BYTES]);
    } catch (IOException e) {
      LOG.debug("no space is kept in {}", dataDir, e);
    }
  }

  private void giveSpaceBack() {
    try {
      Files.deleteIfExists(dataDir.resolve(SPACE_FOR_LAST_WORDS));
    } catch (IOException e) {
      LOG.debug("what was kept in {} cannot be given back", dataDir, e);
    }
  }

  private String diskState() {
    long free = dataDir.toFile().getUsableSpace();
    return free < SOME_SPACE_BYTES ? " (" + free + " bytes are left on that disk)" : "";
  }
}
