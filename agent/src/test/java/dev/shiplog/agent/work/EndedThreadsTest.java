package dev.shiplog.agent.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** A node ends while its workers are still at it. */
class EndedThreadsTest {

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Object> told = new ArrayList<>();
  private final SerialExecutor owner = new SerialExecutor(threads, told::add);

  @Test
  void whatIsGivenToAnOwnerThenIsDropped() {
    threads.close();

    owner.execute(() -> told.add("ran"));
    owner.execute(() -> told.add("ran"));

    assertThat(told).isEmpty();
  }

  @Test
  void workThatAnOwnerStartsThenIsCalledOff() {
    owner.execute(() -> {
      threads.shutdown();
      var _ = Task.start(threads, owner, () -> "done", told::add);
    });
    threads.close();

    assertThat(told)
        .singleElement()
        .isInstanceOfSatisfying(
            Task.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(InterruptedException.class));
  }

  @Test
  void workThatEndsThenFindsNoOwnerAndSaysNothing() throws InterruptedException {
    List<Throwable> uncaught = new ArrayList<>();
    Thread.Builder builder = Thread.ofVirtual().uncaughtExceptionHandler((_, e) -> uncaught.add(e));
    try (ExecutorService ending = Executors.newThreadPerTaskExecutor(builder.factory())) {
      var _ =
          Task.start(
              ending,
              new SerialExecutor(ending, told::add),
              () -> {
                ending.shutdown();
                return "done";
              },
              told::add);
    }

    assertThat(uncaught).isEmpty();
    assertThat(told).isEmpty();
  }
}
