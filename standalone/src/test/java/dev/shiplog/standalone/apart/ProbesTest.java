package dev.shiplog.standalone.apart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a process that runs one part alone answers when it is asked how it is. */
class ProbesTest {

  private final ScriptedPart part = new ScriptedPart();
  private final LoneProcess process = new LoneProcess(part);
  private final Probes probes = process.probes("127.0.0.1", 0);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    probes.close();
  }

  @Test
  void aPartThatIsStartingIsAliveAndNeitherStartedNorReady() {
    part.doing = "catching up";

    assertThat(ask("livez").statusCode()).isEqualTo(200);
    assertThat(ask("startz").statusCode()).isEqualTo(500);
    assertThat(ask("readyz").statusCode()).isEqualTo(500);
    assertThat(ask("readyz").body()).isEqualTo("failed: catching up\n");
  }

  @Test
  void aPartThatWasReadyOnceHasStarted() {
    part.ready = true;
    assertThat(ask("startz").statusCode()).isEqualTo(200);
    part.ready = false;

    assertThat(ask("startz").statusCode()).isEqualTo(200);
    assertThat(ask("readyz").statusCode()).isEqualTo(500);
  }

  @Test
  void aPartThatOnlyANewProcessHelpsIsNotAlive() {
    part.dead = true;

    assertThat(ask("livez").statusCode()).isEqualTo(500);
  }

  @Test
  void whoLeavesIsNotReadyButAliveUntilItHasHandedOver() {
    part.ready = true;
    process.stop();
    part.dead = true;

    assertThat(part.closed).isTrue();
    assertThat(ask("readyz").statusCode()).isEqualTo(500);
    assertThat(ask("livez").statusCode()).isEqualTo(200);
  }

  @Test
  void whatTheProcessCountsIsThereForPrometheus() {
    HttpResponse<String> page = ask("metrics");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(page.body()).contains("# TYPE ");
  }

  private HttpResponse<String> ask(String path) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + probes.port() + "/" + path);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A part that is as the test says. */
  private static final class ScriptedPart implements Part {
    private volatile boolean ready;
    private volatile boolean dead;
    private volatile boolean closed;
    private volatile String doing = "nothing";

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public void start() {}

    @Override
    public boolean isDead() {
      return dead;
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public String doing() {
      return doing;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
