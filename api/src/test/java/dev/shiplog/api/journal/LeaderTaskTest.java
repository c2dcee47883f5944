package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaderTaskTest {

  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final LinkedBlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
  private volatile Duration rest = Duration.ZERO;
  private final LeaderTask task =
      new LeaderTask(
          "testing",
          this::open,
          Duration.ofMillis(1),
          faults,
          Thread.ofPlatform().daemon()::unstarted);

  @AfterEach
  void stop() {
    task.close();
    // A run that was stopped before this one closes on a thread of its own.
    await().until(() -> closed.get() == opened.get());
  }

  @Test
  void nothingIsDoneBeforeThisServerLeads() {
    assertThat(opened).hasValue(0);
  }

  @Test
  void aRunIsOpenWhileThisServerLeads() {
    task.becameLeader(1);
    await().until(() -> opened.get() == 1);

    task.lostLeadership();

    await().until(() -> closed.get() == 1);
  }

  @Test
  void aLeaderThatRenewsItsClaimGoesOnWithTheSameRun() {
    task.becameLeader(1);
    await().until(() -> opened.get() == 1);

    task.becameLeader(2);
    passStep();

    assertThat(opened).hasValue(1);
  }

  @Test
  void aRunThatRestsIsStoppedAtOnce() {
    rest = Duration.ofDays(1);
    task.becameLeader(1);
    await().until(() -> opened.get() == 1);
    passStep();

    task.lostLeadership();

    await().until(() -> closed.get() == 1);
  }

  @Test
  void aServerThatLeadsAgainOpensAnother() {
    task.becameLeader(1);
    await().until(() -> opened.get() == 1);
    task.lostLeadership();

    task.becameLeader(3);

    await().until(() -> opened.get() == 2);
  }

  @Test
  void aRunIsOpenedAgainAfterTheLogFailed() {
    task.becameLeader(1);

    steps.add(() -> {
      throw new LogUnavailableException("no answer");
    });
    steps.add(() -> {
      throw new CompletionException(new LogUnavailableException("no answer"));
    });

    await().until(() -> opened.get() == 3);
    faults.assertNone();
  }

  @Test
  void aLeaderThatWasFencedByOneThatWasDeposedOpensAgain() {
    task.becameLeader(1);

    steps.add(() -> {
      throw new FencedException("another has the id");
    });

    await().until(() -> opened.get() == 2);
    faults.assertNone();
  }

  @Test
  void anythingElseIsAFaultAndEndsTheTask() {
    task.becameLeader(1);

    steps.add(() -> {
      throw new IllegalStateException("a bug");
    });

    await().until(() -> faults.faults().size() == 1);
    await().until(() -> closed.get() == 1);
    assertThat(opened).hasValue(1);
  }

  @Test
  void whatFailsBecauseItIsBeingStoppedIsNoFault() {
    task.becameLeader(1);
    await().until(() -> opened.get() == 1);

    steps.add(() -> {
      task.lostLeadership();
      throw new IllegalStateException("closed under it");
    });

    await().until(() -> closed.get() == 1);
    faults.assertNone();
  }

  private void passStep() {
    AtomicInteger passed = new AtomicInteger();
    steps.add(passed::incrementAndGet);
    await().until(() -> passed.get() == 1);
  }

  private LeaderTask.Run open() {
    opened.incrementAndGet();
    return new LeaderTask.Run() {
      // Of this run alone: one that begins must not take the word that another was given.
      private final AtomicBoolean woken = new AtomicBoolean();

      @Override
      public void step() {
        try {
          Runnable step = null;
          while (step == null && !woken.getAndSet(false)) {
            step = steps.poll(1, TimeUnit.MILLISECONDS);
          }
          if (step != null) {
            step.run();
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }

      @Override
      public Duration rest() {
        return rest;
      }

      @Override
      public void wakeup() {
        woken.set(true);
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }
}
