package dev.shiplog.agent.routes;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Keeps the routes to other nodes' pods as they are wanted. The kernel drops them when a link goes
 * down, so they are looked at again every few seconds, not only when a node changes.
 *
 * <p>{@link #want} may be called by any thread; everything else belongs to a thread of its own.
 */
public final class PodRoutes implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(PodRoutes.class);
  private static final long LOOK_AGAIN_SECONDS = 5;
  private static final long CLOSE_SECONDS = 30;

  private final HostRoutes host;
  private final Map<String, String> complaints = new HashMap<>();
  private final Thread thread = Thread.ofVirtual().name("agent-routes").unstarted(this::run);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Both guarded by the lock.
  private Map<String, String> wanted;
  private boolean closing;

  /** One that does nothing until it is started. */
  public PodRoutes(HostRoutes host) {
    this.host = host;
  }

  public void start() {
    thread.start();
  }

  /**
   * Replaces what is wanted.
   *
   * @param routes by subnet the address of the node that has it
   */
  public void want(Map<String, String> routes) {
    lock.lock();
    try {
      wanted = Map.copyOf(routes);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops; the routes stay, as the pods do, until {@link #clear}. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (!ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the routes to other nodes' pods are still being changed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes all routes of ours away. To be called when this is closed. */
  public void clear() {
    host.present().keySet().forEach(host::remove);
  }

  private void run() {
    try {
      Map<String, String> last = null;
      for (Map<String, String> next = await(null); next != null; next = await(last)) {
        last = next;
        apply(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  /** What is wanted, once that is another or some seconds have passed; null at the end. */
  @SuppressWarnings("ReferenceEquality") // Whoever wants anew hands over a new map.
  private Map<String, String> await(Map<String, String> last) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(LOOK_AGAIN_SECONDS);
      while (!closing && (wanted == null || (wanted == last && left > 0))) {
        if (wanted == null) {
          changed.await();
        } else {
          left = changed.awaitNanos(left);
        }
      }
      return closing ? null : wanted;
    } finally {
      lock.unlock();
    }
  }

  private void apply(Map<String, String> routes) {
    try {
      Set<String> own = ownAddresses();
      Map<String, String> present = host.present();
      present.keySet().stream().filter(subnet -> !routes.containsKey(subnet)).forEach(host::remove);
      complaints.keySet().retainAll(routes.keySet());
      routes.forEach((subnet, via) -> {
        if (!own.contains(via) && !via.equals(present.get(subnet))) {
          put(subnet, via);
        }
      });
    } catch (RuntimeException e) {
      LOG.warnf("the routes to other nodes' pods cannot be kept now: %s", e.getMessage());
    }
  }

  /** A node behind a router needs routes there, which are not ours to make: it is said once. */
  private void put(String subnet, String via) {
    String complaint = host.put(subnet, via);
    if (complaint.isEmpty()) {
      complaints.remove(subnet);
      LOG.infof("pods in %s are reached by %s", subnet, via);
    } else if (!Objects.equals(complaints.put(subnet, complaint), complaint)) {
      LOG.warnf("no route to pods in %s by %s: %s", subnet, via, complaint);
    }
  }

  private static Set<String> ownAddresses() {
    try {
      Set<String> own = new HashSet<>();
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(InetAddress::getHostAddress)
          .forEach(own::add);
      return own;
    } catch (SocketException e) {
      throw new IllegalStateException("cannot list this machine's addresses", e);
    }
  }
}
