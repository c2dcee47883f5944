package dev.shiplog.e2e;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A webhook as a user writes one: a small HTTPS server. */
final class WebhookProgram implements AutoCloseable {

  private static final Pattern UID = Pattern.compile("\"uid\":\"([^\"]+)\"");
  private static final String PASSWORD = "changeit";

  private final HttpsServer server;
  private final String caBundle;

  /**
   * Starts one for admission.
   *
   * @param answer from a review to the rest of the response: {@code "allowed":true} and so on
   */
  static WebhookProgram reviewing(Path directory, Function<String, String> answer)
      throws Exception {
    return new WebhookProgram(directory, review -> response(review, answer.apply(review)));
  }

  /** Starts one that gives whole answers. */
  WebhookProgram(Path directory, UnaryOperator<String> answer) throws Exception {
    Path store = directory.resolve("webhook.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "hook",
        "-keyalg",
        "EC",
        "-dname",
        "CN=hook",
        "-validity",
        "2",
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD);
    Path certificate = directory.resolve("webhook.crt");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "hook",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD,
        "-file",
        certificate.toString());
    caBundle = Base64.getEncoder().encodeToString(Files.readAllBytes(certificate));
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(store)));
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          String review =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] body = answer.apply(review).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private static String response(String review, String answer) {
    Matcher found = UID.matcher(review);
    while (found.find()) {
      if (isOfRequest(review, found)) {
        return "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":{\"uid\":\"%s\",%s}}"
            .formatted(found.group(1), answer);
      }
    }
    throw new AssertionError("a review without a uid: " + review);
  }

  /** Whether the field stands two braces deep: in the request itself. */
  private static boolean isOfRequest(String review, Matcher found) {
    int depth = 0;
    for (int i = 0; i < found.start(); i++) {
      depth += review.charAt(i) == '{' ? 1 : review.charAt(i) == '}' ? -1 : 0;
    }
    return depth == 2;
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "https://localhost:%d/".formatted(port());
  }

  String caBundle() {
    return caBundle;
  }

  String clientConfig() {
    return "{\"url\":\"https://localhost:%d/\",\"caBundle\":\"%s\"}"
        .formatted(server.getAddress().getPort(), caBundle);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void keytool(String... arguments) {
    java.util.ArrayList<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    Run run = Run.of(command, Map.of(), "", Duration.ofMinutes(1));
    if (run.exit() != 0) {
      throw new AssertionError("keytool failed: " + run);
    }
  }

  private static SSLContext context(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
