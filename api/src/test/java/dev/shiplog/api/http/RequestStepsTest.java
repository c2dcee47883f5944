package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.topics.trace.Step;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Where tracing is off. */
class RequestStepsTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final int REQUESTS = 10_000;

  private static Attributes asked(String verb) {
    return new Attributes(verb, "", "v1", "pods", "", "default", "web", "");
  }

  @Test
  void aRequestThatBringsNoTraceCostsNoMemory() {
    Attributes asked = asked("create");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    begin(asked);
    long before = threads.getCurrentThreadAllocatedBytes();
    begin(asked);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isLessThan(REQUESTS);
  }

  private static void begin(Attributes asked) {
    for (int i = 0; i < REQUESTS; i++) {
      if (RequestSteps.begin(asked, null, "audit") != Step.NONE) {
        throw new AssertionError("a trace began");
      }
    }
  }

  @Test
  void aClientsTraceIsHandedOn() {
    assertThat(RequestSteps.begin(asked("create"), PARENT, "audit").traceparent())
        .isEqualTo(PARENT);
    assertThat(RequestSteps.begin(asked("get"), PARENT, "audit").traceparent()).isEqualTo(PARENT);
  }

  @Test
  void aHeaderThatMakesNoSenseIsNoTrace() {
    assertThat(RequestSteps.begin(asked("create"), "nonsense", "audit")).isSameAs(Step.NONE);
  }

  @Test
  void aWatchThatGoesOnForHoursIsNoStep() {
    assertThat(RequestSteps.begin(asked("watch"), PARENT, "audit")).isSameAs(Step.NONE);
  }
}
