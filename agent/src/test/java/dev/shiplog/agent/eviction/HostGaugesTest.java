package dev.shiplog.agent.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gauges read from files as a kernel writes them. */
final class HostGaugesTest {

  @TempDir private Path proc;

  @BeforeEach
  void aMachine() throws IOException {
    write("meminfo", "MemTotal:       24647884 kB\nMemFree:  1 kB\nMemAvailable:   20000000 kB\n");
    write("loadavg", "1.22 3.65 4.07 4/135 11608\n");
    write("sys/kernel/pid_max", "32768\n");
    write("sys/kernel/threads-max", "192729\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = proc.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Map<Signal, Level> read() {
    return new HostGauges(proc, proc, Optional.empty()).read();
  }

  @Test
  void memoryIsWhatPodsCouldStillGet() {
    assertThat(read())
        .containsEntry(Signal.MEMORY, new Level(20_000_000L * 1024, 24_647_884L * 1024));
  }

  @Test
  void everyThreadTakesOneOfTheNumbersThereAre() {
    assertThat(read()).containsEntry(Signal.PIDS, new Level(32_768 - 135, 32_768));
  }

  @Test
  void aKernelWithMemoryForFewerThreadsThanNumbersHasOnlyThose() throws IOException {
    write("sys/kernel/pid_max", "4194304\n");
    write("sys/kernel/threads-max", "1000\n");
    write("loadavg", "0.01 0.02 0.03 1/995 4194000\n");

    Level pids = read().get(Signal.PIDS);

    assertThat(pids).isEqualTo(new Level(5, 1_000));
    assertThat(Thresholds.defaults().isShort(Signal.PIDS, pids)).isTrue();
  }

  @Test
  void aMachineWithNumbersLeftIsUnderNoPressure() {
    assertThat(Thresholds.defaults().isShort(Signal.PIDS, read().get(Signal.PIDS))).isFalse();
  }

  @Test
  void whatTheKernelDoesNotTellIsLeftOut() throws IOException {
    Files.delete(proc.resolve("loadavg"));

    assertThat(read()).containsKey(Signal.MEMORY).doesNotContainKey(Signal.PIDS);
  }

  @Test
  void thisMachinesKernelIsUnderstood() {
    Level pids = NodeGauges.ofThisHost(proc, Optional.empty()).read().get(Signal.PIDS);

    assertThat(pids.available()).isPositive().isLessThan(pids.capacity());
  }
}
