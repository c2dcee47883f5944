package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LongWorkTest {

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final List<String> done = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void usersTakeTurnsHoweverMuchOneOfThemWants() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(6);
    context.runOnContext(none -> {
      for (int i = 1; i <= 4; i++) {
        add("greedy", i, latch);
      }
      add("modest", 1, latch);
      add("modest", 2, latch);
    });

    assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(done)
        .containsExactly("greedy 1", "modest 1", "greedy 2", "modest 2", "greedy 3", "greedy 4");
  }

  @Test
  void theLoopDoesWhatElseItHasBetweenTwoPieces() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(3);
    context.runOnContext(none -> {
      LongWork work = LongWork.of(context);
      work.add(
          "a",
          () -> {
            done.add("first piece");
            context.runOnContext(other -> {
              done.add("other work");
              latch.countDown();
            });
            latch.countDown();
          });
      add("a", 2, latch);
    });

    assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(done).containsExactly("first piece", "other work", "a 2");
  }

  private void add(String user, int number, CountDownLatch latch) {
    LongWork.of(context)
        .add(
            user,
            () -> {
              done.add(user + " " + number);
              latch.countDown();
            });
  }
}
