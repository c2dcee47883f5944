package dev.shiplog.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Sends requests with a bearer token, over a few HTTP clients. Any thread. */
public final class Client {

  private static final int CLIENTS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String server;
  private final String token;
  private final List<HttpClient> clients = new ArrayList<>();

  Client(String server, String token) throws GeneralSecurityException {
    this.server = server;
    this.token = token;
    SSLContext tls = trustingAll();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          HttpClient.newBuilder()
              .sslContext(tls)
              .version(HttpClient.Version.HTTP_1_1)
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .build());
    }
  }

  /** For a server that was started a moment ago. */
  public static SSLContext trustingAll() throws GeneralSecurityException {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {new TrustsAll()}, null);
    return tls;
  }

  /**
   * Sends a request.
   *
   * @param body empty for none; a merge patch where the method is PATCH
   * @throws IOException if it is not answered, or not with the code
   */
  public byte[] send(String method, String path, String body, int code)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = answer(method, path, body);
    if (response.statusCode() != code) {
      throw new IOException(method + " " + path + " was answered with " + response.statusCode());
    }
    return response.body();
  }

  /** Sends a request, whatever it may be answered with; returns the code. */
  public int ask(String method, String path, String body) throws IOException, InterruptedException {
    return answer(method, path, body).statusCode();
  }

  private HttpResponse<byte[]> answer(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(method, path)
            .timeout(PATIENCE)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return any().send(request, BodyHandlers.ofByteArray());
  }

  /**
   * Opens an answer that goes on.
   *
   * @throws IOException if it is a refusal
   */
  public InputStream open(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        any().send(request("GET", path).build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException("GET " + path + " was answered with " + response.statusCode());
    }
    return response.body();
  }

  private HttpClient any() {
    return clients.get(ThreadLocalRandom.current().nextInt(clients.size()));
  }

  private static String contentType(String method) {
    return method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
  }

  private HttpRequest.Builder request(String method, String path) {
    return HttpRequest.newBuilder(URI.create(server + path))
        .header("Accept", "application/json")
        .header("Content-Type", contentType(method))
        .header("Authorization", "Bearer " + token);
  }

  /** The server is one that was started a moment ago. */
  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
