package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.e2e.consistency.Pace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Clients that create objects through one server, one after the other, until told to stop. */
final class WriteLoad {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Product product;
  private final What what;
  private final String prefix;
  private final HttpClient client;
  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Pace pace = new Pace();

  /** What they create. */
  enum What {
    MAPS(
        "/api/v1/namespaces/default/configmaps",
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"}}"),
    /** On a node from the beginning. */
    PODS(
        "/api/v1/namespaces/default/pods",
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s"},
         "spec":{"nodeName":"node-1","containers":[{"name":"one","image":"example.org/none:1"}]}}
        """);

    private final String path;
    private final String body;

    What(String path, String body) {
      this.path = path;
      this.body = body;
    }
  }

  /**
   * How a creation was answered.
   *
   * @param code 0 if it was not
   */
  record Answer(String name, int code, String text, long atNanos) {}

  private WriteLoad(Product product, What what, String prefix)
      throws IOException, GeneralSecurityException {
    this.product = product;
    this.what = what;
    this.prefix = prefix;
    this.client = HttpClient.newBuilder().sslContext(trusting(product)).build();
  }

  /** Begins to write. */
  static WriteLoad on(Product product, String prefix, int writers) throws Exception {
    return of(What.MAPS, product, prefix, writers);
  }

  static WriteLoad of(What what, Product product, String prefix, int writers) throws Exception {
    WriteLoad load = new WriteLoad(product, what, prefix);
    for (int i = 0; i < writers; i++) {
      int writer = i;
      load.threads.add(Thread.ofPlatform().daemon().start(() -> load.write(writer)));
    }
    return load;
  }

  /** Waits until so many more were acknowledged. */
  void awaitAcknowledged(int more) throws InterruptedException {
    long wanted = (long) acknowledged().size() + more;
    CountDownLatch never = new CountDownLatch(1);
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (acknowledged().size() < wanted) {
      assertThat(System.nanoTime()).as("%s", answers).isLessThan(deadline);
      assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  /** Names of the objects whose creation was acknowledged. */
  List<String> acknowledged() {
    return answers.stream().filter(a -> a.code() == 201).map(Answer::name).toList();
  }

  /** Everything that was answered otherwise. */
  List<Answer> others() {
    return answers.stream().filter(a -> a.code() != 201).toList();
  }

  /** The longest time in which nothing was acknowledged. */
  Duration longestPause() {
    long longest = 0;
    long last = 0;
    for (long at :
        answers.stream()
            .filter(a -> a.code() == 201)
            .mapToLong(Answer::atNanos)
            .sorted()
            .toArray()) {
      longest = last == 0 ? 0 : Math.max(longest, at - last);
      last = at;
    }
    return Duration.ofNanos(longest);
  }

  /** Ends the writing, and waits for what is under way. */
  void finish() throws InterruptedException {
    pace.end();
    for (Thread thread : threads) {
      thread.join(PATIENCE);
    }
    client.shutdownNow();
  }

  private void write(int writer) {
    try {
      for (int i = 0; pace.next(); i++) {
        answers.add(create("%s-%d-%d".formatted(prefix, writer, i)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer create(String name) {
    String body = what.body.formatted(name);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(product.server() + what.path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + product.adminToken())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new Answer(name, response.statusCode(), response.body(), System.nanoTime());
    } catch (IOException e) {
      return new Answer(name, 0, String.valueOf(e.getMessage()), System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(name, 0, "interrupted", System.nanoTime());
    }
  }

  private static SSLContext trusting(Product product) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = Files.newInputStream(product.data().resolve("pki").resolve("ca.crt"))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
