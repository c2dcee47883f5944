package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.nativecheck.Gaps;
import dev.shiplog.nativecheck.Registrations;
import dev.shiplog.nativecheck.Use;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each part reaches by reflection is registered in what {@code native-image} is given. The
 * parts run on the JVM: whether a native executable works, this does not tell.
 */
final class NativeIT {

  private static final int API_PORT = FreePort.next();

  @TempDir private Path directory;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private Apart apart;

  @Test
  void whatThePartsReachByReflectionIsRegisteredForANativeImage() throws IOException {
    useEveryPart();

    Gaps gaps =
        Gaps.of(
            Use.read(traces()),
            Registrations.read(Product.checkout().resolve("standalone/target/native-sources")));

    assertThat(gaps.uses())
        .as(
            "not registered; META-INF/native-image/…/reflect-config.json of a module may take%n%s",
            gaps.reflectConfig())
        .isEmpty();
  }

  private void useEveryPart() throws IOException {
    KafkaCluster kafka = keep(KafkaCluster.of(1, directory));
    TraceCollector collector = keep(TraceCollector.start());
    apart = new Apart(directory, kafka.bootstrap(), collector.url(), API_PORT);
    Kubectl kubectl = apart.prepare();
    start("controllers");
    start("api-server");
    start("scheduler");
    kubectl.await("get --raw /readyz", "ok");
    kubectl.apply(Apart.TOKEN);
    start("agent");
    kubectl.ok("create deployment web --image=busybox --replicas=2");
    kubectl.await("get deployment web -o jsonpath={.status.availableReplicas}", "2");
    kubectl.ok("logs -l app=web");
    kubectl.ok("explain pod.spec");
    kubectl.ok("get pods -o wide");
    closeAll();
  }

  private void start(String part) {
    Map<String, String> traced =
        Map.of(
            "SHIPLOG_JAVA_OPTS",
            "-javaagent:" + System.getProperty("shiplog.tracer") + "=" + traces());
    keep(PartProcess.start(part, apart.settings(), directory.resolve(part), traced));
  }

  private Path traces() {
    return directory.resolve("traces");
  }

  private <T extends AutoCloseable> T keep(T part) {
    running.push(part);
    return part;
  }

  @AfterEach
  void closeAll() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        throw new AssertionError("did not stop", e);
      }
    }
  }
}
