package dev.shiplog.streams.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.streams.kit.core.CatchUp;
import dev.shiplog.streams.kit.core.ControllerCore;
import dev.shiplog.topics.fault.Pulse;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class ApplicationProcessorTest {

  private final RecordingFaultHandler bugs = new RecordingFaultHandler();
  private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
  private final ApplicationProcessor processor =
      new ApplicationProcessor(
          () -> new ControllerCore("controllers", List.of(), new Random(1), bugs),
          Map.of(),
          List.of(),
          progress -> CatchUp.immediate(),
          new Pulse(System::nanoTime));

  /** Kafka Streams does so when it could not send a command: nothing else would wake it. */
  @Test
  void oneThatIsRevivedBeginsAnew() {
    start();
    processor.close();
    context.resetForwards();

    start();

    assertThat(commands()).extracting(Command::verb).containsExactly(Verb.BEGIN);
  }

  @Test
  void oneThatIsClosedIsNotAskedAgain() {
    start();

    processor.close();

    assertThat(context.scheduledPunctuators())
        .allMatch(MockProcessorContext.CapturedPunctuator::cancelled);
  }

  private void start() {
    context.resetForwards();
    context.setCurrentSystemTimeMs(1_000_000);
    processor.init(context);
    context.scheduledPunctuators().getLast().getPunctuator().punctuate(1_000_000);
  }

  private List<Command> commands() {
    return context.forwarded().stream()
        .map(each -> Json.read(each.record().value(), Command.class))
        .toList();
  }
}
