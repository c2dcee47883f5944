package dev.shiplog.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestGateTest {

  private final RequestGate gate = new RequestGate();

  @Test
  void signsOfLifeDoNotWaitForPods() {
    CountDownLatch answered = new CountDownLatch(1);
    AtomicInteger underWay = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        threads.execute(() ->
            gate.request(() -> {
              underWay.incrementAndGet();
              return isCountedDown(answered);
            }));
      }
      await().until(() -> underWay.get() == 32);

      assertThat(gate.signOfLife(() -> "alive")).isEqualTo("alive");
      assertThat(underWay).hasValue(32);

      answered.countDown();
      await().until(() -> underWay.get() == 100);
    }
  }

  private static boolean isCountedDown(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
