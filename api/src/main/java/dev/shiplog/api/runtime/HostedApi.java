package dev.shiplog.api.runtime;

import dev.shiplog.api.http.NativeTls;
import dev.shiplog.api.http.TlsKeys;
import dev.shiplog.api.http.UpgradeProtocols;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.TopicLog;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.PathConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The API server in a process that is no Quarkus application, such as somebody's test. It takes the
 * same settings, listens with the same limits, and does the same. Start and close it on any thread
 * that may block.
 */
public final class HostedApi implements AutoCloseable {

  private static final long BOUND_SECONDS = 30;

  /** As in the application's configuration: long selectors and tokens fit. */
  private static final int LONGEST_HEADER_BYTES = 65_536;

  private static final int BY_CONVENTION = 200;

  private final Vertx vertx;
  private final Listen listen;
  private final HttpServer server;
  private ApiRuntime runtime;

  private HostedApi(Vertx vertx, Listen listen, HttpServer server) {
    this.vertx = vertx;
    this.listen = listen;
    this.server = server;
  }

  /**
   * Where it listens, and how it shows that it is itself.
   *
   * @param host address to listen on
   * @param port a port that is free
   * @param certificate PEM chain for clients
   * @param key its PEM key
   * @param clientAuthority PEM file of the authority of client certificates
   */
  public record Listen(String host, int port, Path certificate, Path key, Path clientAuthority) {}

  /** Readies what takes no log; {@link #start} is to follow, or nothing. */
  public static HostedApi prepare(Vertx vertx, Listen listen) {
    // Putting together what is known of every kind takes as long as anything here.
    var _ = ResourceCatalogue.builtIn();
    return new HostedApi(vertx, listen, vertx.createHttpServer(options(listen)));
  }

  /**
   * Starts it, and returns when it serves. Once; {@link #close} is not for one that did not start.
   *
   * @param settings {@code shiplog.…} by name
   * @param log what it runs on; the caller closes it after this
   * @param faults told when it can no longer be trusted
   * @throws Exception if it cannot start; nothing of it is left then
   */
  public void start(Map<String, String> settings, TopicLog log, FaultHandler faults)
      throws Exception {
    runtime = runtime(vertx, listen, config(settings), log, faults);
    try {
      Router router = Router.router(vertx);
      runtime.route(router);
      runtime.start();
      server
          .requestHandler(router)
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      runtime.stop();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    runtime.stop();
    try {
      server.close().toCompletionStage().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the API server did not stop listening", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ApiRuntime runtime(
      Vertx vertx, Listen listen, SmallRyeConfig config, TopicLog log, FaultHandler faults)
      throws Exception {
    return new ApiRuntime(
        log,
        faults,
        config.getConfigMapping(TopicsConfig.class),
        config.getConfigMapping(KafkaConfig.class),
        config.getConfigMapping(ApiConfig.class),
        config.getConfigMapping(AdmissionConfig.class),
        vertx,
        listen.port());
  }

  private static SmallRyeConfig config(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withMapping(TopicsConfig.class)
        .withMapping(KafkaConfig.class)
        .withMapping(ApiConfig.class)
        .withMapping(AdmissionConfig.class)
        .withConverter(Duration.class, BY_CONVENTION, new DurationConverter())
        .withConverter(Path.class, BY_CONVENTION, new PathConverter())
        .withDefaultValues(settings)
        .build();
  }

  private static HttpServerOptions options(Listen listen) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(listen.host())
            .setPort(listen.port())
            .setSsl(true)
            .setUseAlpn(true)
            .setClientAuth(ClientAuth.REQUEST)
            .setMaxInitialLineLength(LONGEST_HEADER_BYTES)
            .setMaxHeaderSize(LONGEST_HEADER_BYTES)
            .setKeyCertOptions(TlsKeys.of(listen.certificate(), listen.key()))
            .setTrustOptions(
                new PemTrustOptions().addCertPath(listen.clientAuthority().toString()));
    new UpgradeProtocols().customizeHttpsServer(options);
    new NativeTls().customizeHttpsServer(options);
    return options;
  }
}
