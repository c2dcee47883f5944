package dev.shiplog.agent.proxy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Keeps the packet filter as the services want it. Changes that come together are applied together,
 * and it rests between two changes for longer than the last one took, so that a busy cluster costs
 * a node a bounded share of its time. Now and then the whole table is written again, in case
 * somebody emptied the packet filter.
 *
 * <p>Rules stay as they are until the first view has come: what a proxy before this one left goes
 * on working during a restart.
 *
 * <p>All state belongs to the proxy's thread, except the latest view and what is said of troubles.
 */
public final class ServiceProxy implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ServiceProxy.class);

  private static final Duration GATHER = Duration.ofMillis(20);
  private static final Duration LONGEST_REST = Duration.ofSeconds(10);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);
  private static final Duration REWRITE = Duration.ofMinutes(10);
  private static final Duration CLOSE = Duration.ofMinutes(2);

  private final ProxySettings settings;
  private final RuleSetCompiler compiler;
  private final PacketFilter filter;
  private final LocalhostRouting localhost;
  private final ServiceRoute route;
  private final Semaphore changes = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile ServiceView latest;
  private volatile String trouble;
  private volatile boolean keepRules;

  /** The table as the kernel has it; null if that is not known. */
  private NftTable applied;

  private boolean localhostEnabled;
  private Duration retry = FIRST_RETRY;

  ServiceProxy(
      ProxySettings settings, PacketFilter filter, LocalhostRouting localhost, ServiceRoute route) {
    this.settings = settings;
    this.filter = filter;
    this.localhost = localhost;
    this.route = route;
    compiler = new RuleSetCompiler(settings.nodeName());
    thread = Thread.ofPlatform().name("agent-proxy").daemon().unstarted(this::run);
  }

  /**
   * A proxy for this machine's network namespace that does nothing until it is started.
   *
   * @param nft the packet filter's program
   * @param ip the program for routes
   */
  public static ServiceProxy onThisHost(ProxySettings settings, Path nft, Path ip) {
    return new ServiceProxy(
        settings,
        new NftCommand(nft),
        new LocalhostRouting(),
        new ServiceRoute(ip, settings.serviceSubnet()));
  }

  public void start() {
    thread.start();
  }

  /** Has a new view applied soon. Any thread; does not block. */
  public void update(ServiceView view) {
    latest = view;
    changes.release();
  }

  /** Why services do not work as they should, as a sentence; empty if they do. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  private void run() {
    try {
      while (!isClosing()) {
        boolean changed = changes.tryAcquire(REWRITE.toMillis(), TimeUnit.MILLISECONDS);
        if (latest == null || closing.await(GATHER.toMillis(), TimeUnit.MILLISECONDS)) {
          continue;
        }
        changes.drainPermits();
        if (!changed) {
          applied = null;
        }
        rest(sync());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!keepRules) {
        removeRules();
      }
    }
  }

  /** Returns how long to rest. */
  private Duration sync() {
    long startNanos = System.nanoTime();
    try {
      apply(ProxyTable.of(compiler.compile(latest), settings));
      trouble = null;
      retry = FIRST_RETRY;
      Duration twice = Duration.ofNanos(2 * (System.nanoTime() - startNanos));
      return twice.compareTo(LONGEST_REST) < 0 ? twice : LONGEST_REST;
    } catch (PacketFilterException e) {
      return retryLater("the packet filter does not take the rules of services", e);
    } catch (RuntimeException e) {
      // The rules there are stay better than none.
      LOG.error("a bug in the proxy", e);
      return retryLater("the rules of services cannot be made", e);
    }
  }

  private Duration retryLater(String what, RuntimeException cause) {
    trouble = what + ": " + cause.getMessage();
    LOG.errorf("%s; trying again in %d s", trouble, retry.toSeconds());
    changes.release();
    Duration rest = retry;
    Duration longer = retry.multipliedBy(2);
    retry = longer.compareTo(LAST_RETRY) < 0 ? longer : LAST_RETRY;
    return rest;
  }

  private void apply(NftTable table) {
    NftTable before = applied;
    // Until it has succeeded nobody knows what the kernel has.
    applied = null;
    if (before == null || !change(before, table)) {
      boolean leftBehind = !localhostEnabled && filter.hasTable(settings.table());
      filter.apply(NftScript.replace(table));
      enableLocalhost(leftBehind);
      route.ensure();
    }
    applied = table;
  }

  /** Whether the change was taken; it is not if somebody else changed the table. */
  private boolean change(NftTable before, NftTable table) {
    String script = NftScript.change(before, table);
    if (script.isEmpty()) {
      return true;
    }
    try {
      filter.apply(script);
      return true;
    } catch (PacketFilterException e) {
      LOG.infof("writing the rules of all services again: %s", e.getMessage());
      return false;
    }
  }

  private void enableLocalhost(boolean leftBehind) {
    if (!localhostEnabled) {
      localhost.enable(leftBehind);
      localhostEnabled = true;
    }
  }

  private void removeRules() {
    try {
      localhost.restore();
      route.remove();
      filter.apply(NftScript.remove(settings.table()));
    } catch (PacketFilterException e) {
      LOG.warnf("cannot remove the rules of services: %s", e.getMessage());
    }
  }

  private void rest(Duration time) throws InterruptedException {
    var _ = closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Stops and leaves the rules, for pods that go on running without this process. */
  public void leave() {
    keepRules = true;
    close();
  }

  /** Stops, and takes all rules away. */
  @Override
  public void close() {
    closing.countDown();
    changes.release();
    try {
      if (!thread.join(CLOSE)) {
        LOG.warn("the proxy does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
