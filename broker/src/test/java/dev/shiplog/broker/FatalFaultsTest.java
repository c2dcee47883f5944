package dev.shiplog.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FatalFaultsTest {

  @TempDir private Path directory;
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void giveKafkaItsWayBack() {
    Exit.resetHaltProcedure();
    Exit.resetExitProcedure();
  }

  @Test
  void aFatalFaultIsToldInASentenceThatNamesTheDirectory() {
    try (FatalFaults faults = new FatalFaults(directory, told::add)) {
      faults
          .build("raft manager", true, () -> {})
          .handleFault("cannot append", new IOException("No space left on device"));
    }

    assertThat(told).singleElement().asString().startsWith("the Kafka broker in " + directory);
    assertThat(told.getFirst()).contains("raft manager: cannot append", "No space left on device");
  }

  @Test
  void onlyTheFirstFaultIsTold() {
    try (FatalFaults faults = new FatalFaults(directory, told::add)) {
      faults.build("a", true, () -> {}).handleFault("first", null);
      faults.build("b", true, () -> {}).handleFault("second", null);
    }

    assertThat(told).singleElement().asString().contains("a: first");
  }

  @Test
  void aFaultThatIsNotFatalIsNotTold() {
    try (FatalFaults faults = new FatalFaults(directory, told::add)) {
      faults.build("a", false, () -> {}).handleFault("passing", null);
    }

    assertThat(told).isEmpty();
  }

  @Test
  void whenKafkaWouldHaltTheProcessItsOwnerIsToldInstead() {
    try (FatalFaults faults = new FatalFaults(directory, told::add)) {
      assertThat(faults).isNotNull();
      Exit.halt(1);
    }

    assertThat(told).singleElement().asString().contains("its disk cannot be read or written");
  }

  @Test
  void onAFullDiskThereIsSpaceToSaySo() {
    List<Long> kept = new ArrayList<>();
    try (FatalFaults faults = new FatalFaults(directory, what -> kept.add(bytesIn(directory)))) {
      assertThat(bytesIn(directory)).isGreaterThan(500_000);
      faults.build("a", true, () -> {}).handleFault("full", null);
    }

    assertThat(kept).containsExactly(0L);
  }

  private static long bytesIn(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBrokerThatIsBeingStoppedTellsNothing() {
    FatalFaults faults = new FatalFaults(directory, told::add);
    faults.close();

    faults.build("a", true, () -> {}).handleFault("late", null);
    Exit.halt(1);

    assertThat(told).isEmpty();
  }
}
