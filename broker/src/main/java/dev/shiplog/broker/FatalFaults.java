package dev.shiplog.broker;

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

/**
 * What Kafka does when it cannot go on: instead of ending the process it is told to whoever runs
 * the broker, once. A log directory that fails is met deep inside Kafka, which halts the virtual
 * machine by a static method without saying whose directory it was; then every running broker's
 * owner is told.
 */
final class FatalFaults implements FaultHandlerFactory, AutoCloseable {

  private static final Set<FatalFaults> RUNNING = new CopyOnWriteArraySet<>();

  private static final long SOME_SPACE_BYTES = 16L << 20;

  private final Path dataDir;
  private final Consumer<String> owner;
  private final AtomicBoolean told = new AtomicBoolean();

  FatalFaults(Path dataDir, Consumer<String> owner) {
    this.dataDir = dataDir;
    this.owner = owner;
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
      owner.accept("the Kafka broker in " + dataDir + " stopped: " + what + diskState());
    }
  }

  private String diskState() {
    long free = dataDir.toFile().getUsableSpace();
    return free < SOME_SPACE_BYTES ? " (" + free + " bytes are left on that disk)" : "";
  }
}
