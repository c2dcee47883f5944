package dev.shiplog.bench.abuse;

import dev.shiplog.bench.report.Client;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that ask for one thing after the other, as a controller or a person does. */
final class Others {

  private static final int CLIENTS = 4;
  private static final int BETWEEN_MS = 20;

  private final Client client;
  private final AtomicInteger named = new AtomicInteger();

  Others(Client client) {
    this.client = client;
  }

  /**
   * How they fared.
   *
   * @param failed what was answered with anything but success
   */
  record Figures(double perSecond, double p50Ms, double p99Ms, long failed) {}

  /** Lets them work for a while. */
  Figures measure(Duration time) throws InterruptedException {
    ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    AtomicLong failed = new AtomicLong();
    long start = System.nanoTime();
    long end = start + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      threads.add(Thread.ofVirtual().start(() -> work(end, nanos, failed)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return new Figures(
        sorted.length / ((System.nanoTime() - start) / 1e9),
        at(sorted, 50) / 1e6,
        at(sorted, 99) / 1e6,
        failed.get());
  }

  private static long at(long[] sorted, int percent) {
    return sorted.length == 0
        ? 0
        : Arrays.stream(sorted).skip(sorted.length * (long) percent / 100).findFirst().orElse(0);
  }

  private void work(long end, ConcurrentLinkedQueue<Long> nanos, AtomicLong failed) {
    try {
      while (System.nanoTime() < end) {
        String name = "good-" + named.incrementAndGet();
        String one = Accounts.MAPS + "/" + name;
        timed(
            "POST",
            Accounts.MAPS,
            Accounts.map("\"name\":\"" + name + "\"", 1024),
            201,
            nanos,
            failed);
        timed("GET", one, "", 200, nanos, failed);
        timed("DELETE", one, "", 200, nanos, failed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void timed(
      String method,
      String path,
      String body,
      int code,
      ConcurrentLinkedQueue<Long> nanos,
      AtomicLong failed)
      throws InterruptedException {
    long asked = System.nanoTime();
    try {
      if (client.ask(method, path, body) != code) {
        failed.incrementAndGet();
      }
    } catch (IOException e) {
      failed.incrementAndGet();
    }
    nanos.add(System.nanoTime() - asked);
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_MS));
  }
}
