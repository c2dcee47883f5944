package dev.shiplog.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.server.PodLogs.ContainerLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogStreamTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-01T00:01:00Z"));

  @TempDir private Path directory;
  private Path file;
  private final AtomicBoolean running = new AtomicBoolean();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void threeLines() throws IOException {
    file = directory.resolve("0.log");
    append("2026-01-01T00:00:10.000000001Z stdout F one\n");
    append("2026-01-01T00:00:20.000000001Z stderr F two\n");
    append("2026-01-01T00:00:30.000000001Z stdout F three\n");
  }

  @Test
  void linesComeWithoutWhatTheRuntimeAdds() throws Exception {
    assertThat(read(Map.of())).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void timestampsArePutBeforeLinesWhenAskedFor() throws Exception {
    assertThat(read(Map.of("timestamps", "true", "tailLines", "1")))
        .isEqualTo("2026-01-01T00:00:30.000000001Z three\n");
  }

  @Test
  void theTailIsTheLastLines() throws Exception {
    assertThat(read(Map.of("tailLines", "2"))).isEqualTo("two\nthree\n");
    assertThat(read(Map.of("tailLines", "0"))).isEmpty();
    assertThat(read(Map.of("tailLines", "9"))).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void linesBeforeATimeAreLeftOut() throws Exception {
    assertThat(read(Map.of("sinceSeconds", "45"))).isEqualTo("two\nthree\n");
    assertThat(read(Map.of("sinceTime", "2026-01-01T00:00:25Z"))).isEqualTo("three\n");
  }

  @Test
  void noMoreBytesThanTheLimitAreWritten() throws Exception {
    assertThat(read(Map.of("limitBytes", "5"))).isEqualTo("one\nt");
  }

  @Test
  void aLineInPartsIsOneLine() throws Exception {
    append("2026-01-01T00:00:40.000000001Z stdout P fo\n");
    append("2026-01-01T00:00:40.000000002Z stdout F ur\n");
    assertThat(read(Map.of("tailLines", "1", "timestamps", "true")))
        .isEqualTo("2026-01-01T00:00:40.000000001Z four\n");
  }

  @Test
  void anUnfinishedRecordIsNotShown() throws Exception {
    append("2026-01-01T00:00:40.000000001Z stdout F fo");
    assertThat(read(Map.of("tailLines", "1"))).isEqualTo("three\n");
  }

  @Test
  void aLogThatDoesNotExistYetIsEmpty() throws Exception {
    file = directory.resolve("none.log");
    assertThat(read(Map.of())).isEmpty();
  }

  @Test
  void followingGoesOnUntilTheContainerEnds() {
    running.set(true);
    CompletableFuture<Void> following = follow();
    await().until(() -> text().endsWith("three\n"));
    appendUnchecked("2026-01-01T00:00:40.000000001Z stdout F four\n");
    await().until(() -> text().endsWith("four\n"));
    assertThat(following).isNotDone();
    running.set(false);
    following.join();
  }

  @Test
  void followingGoesOnInTheNewFileAfterARotation() throws Exception {
    running.set(true);
    CompletableFuture<Void> following = follow();
    await().until(() -> text().endsWith("three\n"));
    Files.move(file, directory.resolve("0.log.1"));
    append("2026-01-01T00:00:40.000000001Z stdout F four\n");
    await().until(() -> text().endsWith("four\n"));
    running.set(false);
    following.join();
    assertThat(text()).isEqualTo("one\ntwo\nthree\nfour\n");
  }

  @Test
  void aMalformedOptionIsNamed() {
    assertThatThrownBy(() -> LogOptions.parse(Map.of("tailLines", "-1"), CLOCK))
        .isInstanceOf(RefusedException.class)
        .hasMessage("tailLines must be 0 or more, not -1");
  }

  private CompletableFuture<Void> follow() {
    return CompletableFuture.runAsync(() -> {
      try {
        stream(Map.of("follow", "true"));
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private String read(Map<String, String> options) throws IOException, InterruptedException {
    out.reset();
    stream(options);
    return text();
  }

  private void stream(Map<String, String> options) throws IOException, InterruptedException {
    new LogStream(
            new ContainerLog(file, running::get),
            LogOptions.parse(options, CLOCK),
            out,
            new CountDownLatch(1))
        .write();
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void appendUnchecked(String text) {
    try {
      append(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
