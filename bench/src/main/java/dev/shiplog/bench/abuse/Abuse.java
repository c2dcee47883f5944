package dev.shiplog.bench.abuse;

import dev.shiplog.bench.report.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/** One client that does one thing as often as it can, until it is stopped. */
final class Abuse {

  private static final int TOO_MANY = 429;
  private static final int DROP_MS = 500;

  private final String name;
  private final int times;
  private final int phases;
  private final Act act;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong cutOff = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();

  private Abuse(String name, int times, int phases, Act act) {
    this.name = name;
    this.times = times;
    this.phases = phases;
    this.act = act;
  }

  /** Something that is done again and again; the answer's code, or 0 for none. */
  interface Act {
    int run() throws IOException, InterruptedException;
  }

  static Abuse none() {
    return new Abuse("(nobody)", 0, 1, () -> 0);
  }

  static Abuse asking(String name, int times, Act act) {
    return new Abuse(name, times, 1, act);
  }

  /**
   * Holds connections on which next to nothing comes.
   *
   * @param headComplete whether it is the body that drips, and not the head
   */
  static Abuse dripping(String name, int times, int port, String token, boolean headComplete)
      throws java.security.GeneralSecurityException {
    SSLContext tls = Client.trustingAll();
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: 10000\r\n%s"
            .formatted(Accounts.MAPS, token, headComplete ? "\r\n{" : "X-Slow: ");
    return new Abuse(name, times, headComplete ? 5 : 3, () -> drip(tls, port, head));
  }

  /** Until the other side has enough. */
  private static int drip(SSLContext tls, int port, String head)
      throws IOException, InterruptedException {
    try (Socket socket =
        tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      while (true) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(DROP_MS));
        socket.getOutputStream().write(' ');
      }
    }
  }

  String name() {
    return name;
  }

  /** How many phases it needs to show what becomes of it. */
  int phases() {
    return phases;
  }

  long answered() {
    return answered.get();
  }

  long refused() {
    return refused.get();
  }

  long cutOff() {
    return cutOff.get();
  }

  void start() {
    for (int i = 0; i < times; i++) {
      threads.add(Thread.ofVirtual().start(this::repeat));
    }
  }

  private void repeat() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        int code = act.run();
        (code == TOO_MANY ? refused : answered).incrementAndGet();
      } catch (IOException e) {
        cutOff.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  void stop() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
