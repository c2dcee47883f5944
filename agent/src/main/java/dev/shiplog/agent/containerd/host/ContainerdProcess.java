package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.containerd.ContainerdRuntime;
import dev.shiplog.agent.host.Poll;
import dev.shiplog.agent.runtime.RuntimeHealth;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A containerd of our own. It belongs to no terminal and writes to a file, so it outlives this
 * process, and so do the pods; the next start finds it by its pid file and goes on with it. While
 * this process lives it starts containerd again whenever that ends.
 *
 * <p>Safe for use by many threads: whether it is to run and which process it is are guarded by this
 * object's lock.
 */
final class ContainerdProcess implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ContainerdProcess.class);

  private static final Duration READY = Duration.ofSeconds(30);
  private static final Duration END = Duration.ofSeconds(10);
  private static final Duration FIRST_RESTART = Duration.ofSeconds(1);
  private static final Duration LAST_RESTART = Duration.ofSeconds(30);
  private static final Duration RAN_WELL = Duration.ofMinutes(1);

  /** Longer than any sandbox takes, with what containerd does when its making is broken off. */
  private static final Duration MADE_BY_THEN = Duration.ofMinutes(6);

  private static final Duration LOST_SHIMS_EVERY = Duration.ofSeconds(20);

  private static final long MAX_LOG_BYTES = 10 << 20;
  private static final int LAST_LOG_BYTES = 4096;

  private final ContainerdLayout layout;
  private final Programs programs;
  private boolean wanted = true;
  private ProcessHandle process;
  private long startedNanos = System.nanoTime();

  private ContainerdProcess(ContainerdLayout layout, Programs programs) {
    this.layout = layout;
    this.programs = programs;
  }

  /**
   * Finds the one that runs, or starts one; returns when it answers. One that was started with
   * other settings is started again, which its pods do not notice.
   *
   * @param settings text of the configuration file
   * @throws ContainerdException if it does not come up within half a minute
   */
  static ContainerdProcess start(ContainerdLayout layout, Programs programs, String settings) {
    var containerd = new ContainerdProcess(layout, programs);
    containerd.findOrLaunch(settings);
    containerd.lookForLostShims(new LostShims(layout));
    return containerd;
  }

  private synchronized void findOrLaunch(String settings) {
    try {
      Optional<ProcessHandle> running = find(layout);
      boolean sameSettings =
          Files.exists(layout.configuration())
              && Files.readString(layout.configuration()).equals(settings);
      if (running.isPresent() && !sameSettings) {
        end(running.get());
        running = Optional.empty();
      }
      Files.writeString(layout.configuration(), settings);
      Duration patience = running.isPresent() ? MADE_BY_THEN : Duration.ZERO;
      if (running.isEmpty()) {
        Remains.forgetLostNamespaces(layout);
      }
      Remains remains = Remains.of(layout);
      process = running.isPresent() ? running.get() : launch();
      supervise(FIRST_RESTART);
      clearAway(remains, patience);
    } catch (IOException e) {
      throw new ContainerdException("cannot start containerd: " + e.getMessage(), e);
    }
    awaitReady();
  }

  /** The containerd of this layout that runs now, whoever started it. */
  static Optional<ProcessHandle> find(ContainerdLayout layout) {
    return findByNumber(layout).or(() -> findByName(layout));
  }

  /** Where the disk was full, its number was not noted. */
  private static Optional<ProcessHandle> findByName(ContainerdLayout layout) {
    String configuration = layout.configuration().toString();
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().command().orElse("").endsWith("/containerd"))
        .filter(process ->
            List.of(process.info().arguments().orElse(new String[0]))
                .equals(List.of("--config", configuration)))
        .findFirst();
  }

  private static Optional<ProcessHandle> findByNumber(ContainerdLayout layout) {
    try {
      long pid = Long.parseLong(Files.readString(layout.pid()).strip());
      String commandLine = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
      // The number may be another process's by now.
      return commandLine.contains(layout.configuration().toString())
          ? ProcessHandle.of(pid).filter(ProcessHandle::isAlive)
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private ProcessHandle launch() throws IOException {
    Files.createDirectories(layout.socket().getParent());
    if (Files.exists(layout.log()) && Files.size(layout.log()) > MAX_LOG_BYTES) {
      Path old = layout.log().resolveSibling("containerd.log.1");
      Files.move(layout.log(), old, StandardCopyOption.REPLACE_EXISTING);
    }
    var command = new ArrayList<String>();
    // A session of its own: Ctrl-C in our terminal is not for it.
    command.add("setsid");
    command.addAll(List.of(programs.containerd().toString(), "--config"));
    command.add(layout.configuration().toString());
    ProcessHandle started =
        new ProcessBuilder(command)
            .directory(layout.directory().toFile())
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(layout.log().toFile()))
            .start()
            .toHandle();
    startedNanos = System.nanoTime();
    note(started.pid());
    return started;
  }

  private void note(long pid) {
    try {
      Files.writeString(layout.pid(), Long.toString(pid));
    } catch (IOException e) {
      LOG.warnf("The number of containerd's process cannot be noted: %s", e.getMessage());
    }
  }

  private void supervise(Duration pause) {
    var _ = process.onExit().thenRunAsync(() -> restart(pause), after(pause));
  }

  private static Executor after(Duration pause) {
    return CompletableFuture.delayedExecutor(
        pause.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread);
  }

  private synchronized void restart(Duration lastPause) {
    if (!wanted) {
      return;
    }
    boolean ranWell = System.nanoTime() - startedNanos > RAN_WELL.toNanos();
    LOG.warnf("containerd ended; starting it again. Its last words: %s", lastWords());
    Remains remains = Remains.of(layout);
    try {
      process = launch();
      clearAway(remains, Duration.ZERO);
    } catch (IOException e) {
      LOG.errorf(e, "cannot start containerd");
    }
    supervise(ranWell ? FIRST_RESTART : longer(lastPause));
  }

  /**
   * Removes what nobody owns of all this, once containerd answers.
   *
   * @param patience by when that is known: what another process has asked for may be in the making
   */
  private void clearAway(Remains remains, Duration patience) {
    after(patience)
        .execute(() -> {
          try (var runtime = ContainerdRuntime.on(layout.socket(), "")) {
            if (Poll.until(READY, () -> runtime.health().ready()) && isWanted()) {
              remains.remove(programs);
              if (patience.isZero()) {
                // Plug-ins that the dead containerd had called may have come to their end since.
                clearAway(Remains.of(layout), MADE_BY_THEN);
              }
            }
          } catch (RuntimeException e) {
            LOG.error("Looking for what containerd forgot failed", e);
          }
        });
  }

  private void lookForLostShims(LostShims lost) {
    after(LOST_SHIMS_EVERY)
        .execute(() -> {
          if (isWanted()) {
            try {
              lost.look();
            } catch (RuntimeException e) {
              LOG.error("Looking for lost shims failed", e);
            }
            lookForLostShims(lost);
          }
        });
  }

  private synchronized boolean isWanted() {
    return wanted;
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LAST_RESTART) < 0 ? twice : LAST_RESTART;
  }

  private void awaitReady() {
    try (var runtime = ContainerdRuntime.on(layout.socket(), "")) {
      boolean ready = Poll.until(READY, () -> !process.isAlive() || runtime.health().ready());
      RuntimeHealth health = runtime.health();
      if (!ready || !health.ready()) {
        String why = process.isAlive() ? health.message() : lastWords();
        stop();
        throw new ContainerdException(
            "containerd does not come up: " + why + " (more in " + layout.log() + ")");
      }
    }
  }

  private String lastWords() {
    try (var log = Files.newByteChannel(layout.log())) {
      log.position(Math.max(0, log.size() - LAST_LOG_BYTES));
      byte[] end = new byte[LAST_LOG_BYTES];
      ByteBuffer buffer = ByteBuffer.wrap(end);
      while (buffer.hasRemaining() && log.read(buffer) >= 0) {
        // Until the end, or as much as was asked for.
      }
      String text = new String(end, 0, buffer.position(), StandardCharsets.UTF_8);
      return text.isBlank() ? "none" : text.strip().lines().toList().getLast();
    } catch (IOException e) {
      return "none";
    }
  }

  /** Ends containerd and returns when it has ended. Pods go on; nobody looks after them. */
  synchronized void stop() {
    wanted = false;
    end(process);
    try {
      Files.deleteIfExists(layout.pid());
    } catch (IOException e) {
      LOG.debugf("cannot delete %s: %s", layout.pid(), e.getMessage());
    }
  }

  private static void end(ProcessHandle process) {
    process.destroy();
    if (!Poll.until(END, () -> !process.isAlive())) {
      process.destroyForcibly();
      Poll.until(END, () -> !process.isAlive());
    }
  }

  /** Stops looking after containerd, which goes on running. */
  @Override
  public synchronized void close() {
    wanted = false;
  }
}
