package dev.shiplog.agent.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.runtime.FsStats;
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
  private Map<Path, FsStats> stats = Map.of();

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
    return new HostGauges(proc, proc, Optional.empty(), paths -> stats).read();
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
  void inodesAreThoseOfTheFileSystemsThatPodsAndImagesLieIn() {
    Path images = proc.resolve("images");
    Map<Path, FsStats> both = Map.of(proc, withInodes(100, 4), images, withInodes(1_000, 60));

    Map<Signal, Level> levels =
        new HostGauges(proc, proc, Optional.of(images), paths -> both).read();

    assertThat(levels)
        .containsEntry(Signal.NODE_FILES, new Level(4, 100))
        .containsEntry(Signal.IMAGE_FILES, new Level(60, 1_000));
    assertThat(isShort(Signal.NODE_FILES, levels)).isTrue();
    assertThat(isShort(Signal.IMAGE_FILES, levels)).isFalse();
  }

  @Test
  void aFileSystemThatMakesInodesAsItNeedsThemIsNeverShortOfThem() {
    stats = Map.of(proc, withInodes(0, 0));

    assertThat(read()).containsKey(Signal.NODE_DISK).doesNotContainKey(Signal.NODE_FILES);
  }

  private static boolean isShort(Signal signal, Map<Signal, Level> levels) {
    return Thresholds.defaults().isShort(signal, levels.get(signal));
  }

  private static FsStats withInodes(long all, long free) {
    return new FsStats(1, 1, 0, all, free, all - free);
  }

  @Test
  void thisMachinesKernelIsUnderstood() {
    Map<Signal, Level> levels = NodeGauges.ofThisHost(Path.of("/proc/.."), Optional.empty()).read();

    Level pids = levels.get(Signal.PIDS);
    assertThat(pids.available()).isPositive().isLessThan(pids.capacity());
    assertThat(levels).containsKey(Signal.NODE_DISK);
  }
}
