package dev.shiplog.agent.identity;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.time.Timers.Timer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * An identity that is good for as long as the node runs: when most of its certificate's life is
 * over (seven to nine tenths, so that nodes that came together do not ask together) a new one takes
 * its place, in the file and for those who listen. Until then, and where none can be had, the old
 * one stays; it is asked for again every minute.
 *
 * <p>Any thread may read it; it is renewed by one task at a time.
 */
public final class RenewedIdentity implements AutoCloseable {

  static final Duration AGAIN_AFTER = Duration.ofMinutes(1);

  private static final double EARLIEST = 0.7;
  private static final double LATEST = 0.9;

  private static final Logger LOG = Logger.getLogger(RenewedIdentity.class);

  private final Path file;
  private final Supplier<Identity> source;
  private final AgentServices services;
  private final List<Consumer<Identity>> listeners = new CopyOnWriteArrayList<>();
  private volatile Identity current;
  private volatile Timer next = () -> {};
  private volatile boolean closed;

  /**
   * One that is renewed once it is started.
   *
   * @param file where it is kept
   * @param first what it is now; kept from now on
   * @param source gives a new one; may block
   * @param services whose timers, threads and chance are used; the API server is not asked
   */
  public RenewedIdentity(
      Path file, Identity first, Supplier<Identity> source, AgentServices services) {
    this.file = file;
    this.source = source;
    this.services = services;
    first.write(file);
    current = first;
  }

  public Identity current() {
    return current;
  }

  public Path file() {
    return file;
  }

  /** Who is told each new one, after it is in the file; must not throw. */
  public void onChange(Consumer<Identity> listener) {
    listeners.add(listener);
  }

  public void start() {
    renewAfter(untilDue());
  }

  /** Asks for a new one now instead of in time. */
  public void renewNow() {
    renewAfter(Duration.ZERO);
  }

  @Override
  public void close() {
    closed = true;
    next.cancel();
  }

  private void renewAfter(Duration delay) {
    next.cancel();
    if (!closed) {
      next = services.timers().after(delay, () -> services.threads().execute(this::renew));
    }
  }

  private void renew() {
    try {
      Identity renewed = source.get();
      renewed.write(file);
      current = renewed;
      LOG.infof("Certificate %s is renewed until %s", renewed, renewed.leaf().getNotAfter());
      listeners.forEach(listener -> listener.accept(renewed));
      renewAfter(untilDue());
    } catch (ClusterException e) {
      LOG.warnf("Certificate %s was not renewed, trying again: %s", current, e.getMessage());
      renewAfter(AGAIN_AFTER);
    } catch (RuntimeException e) {
      services.faults().fault("Renewing " + current, e);
    }
  }

  private Duration untilDue() {
    X509Certificate leaf = current.leaf();
    Instant from = leaf.getNotBefore().toInstant();
    Duration life = Duration.between(from, leaf.getNotAfter().toInstant());
    double share = services.random().nextDouble(EARLIEST, LATEST);
    Instant due = from.plusMillis((long) (life.toMillis() * share));
    return Duration.between(services.timers().instant(), due);
  }
}
