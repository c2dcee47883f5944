package dev.shiplog.standalone;

import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.cluster.Fabric8ClusterClient;
import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.cluster.RequestGate;
import dev.shiplog.agent.identity.Identity;
import dev.shiplog.agent.server.ServerTls;
import dev.shiplog.standalone.pki.CertFiles;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.impl.KubernetesClientImpl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/**
 * Nodes in the process that also keeps the cluster's authority. One has a certificate; of several,
 * simulated ones each has a token, so that thousands of them share a few connections.
 */
final class OwnNodes implements NodeAccess {

  private static final String LOOPBACK = "127.0.0.1";

  private final Identities identities;
  private final ApiAddress api;
  private final KubernetesClient shared;
  private final RequestGate gate = new RequestGate();

  OwnNodes(ApiAddress api, String node, Identities identities) {
    this.api = api;
    this.identities = identities;
    shared = identities.nodeTokens().isEmpty() ? api.client(certificate(node)) : api.client();
  }

  @Override
  public ClusterClient of(String node) {
    String token = identities.nodeTokens().get(node);
    KubernetesClient client = token == null ? shared : with(token);
    return new Fabric8ClusterClient(() -> client, gate);
  }

  /** The same connections, and another identity. */
  private KubernetesClient with(String token) {
    HttpClient http =
        shared
            .getHttpClient()
            .newBuilder()
            .addOrReplaceInterceptor("node", new Bearer(token))
            .build();
    return new KubernetesClientImpl(
        http, shared.getConfiguration(), () -> Runnable::run, KubernetesJson.serialization());
  }

  @Override
  public ServerTls serving() {
    CertFiles own =
        identities.pki().server("kubelet", "kubelet", "", List.of("localhost", LOOPBACK));
    return new ServerTls(own.certificate(), own.key(), api.authority());
  }

  @Override
  public void close() {
    shared.close();
  }

  private Identity certificate(String node) {
    CertFiles files =
        identities.pki().client("node-" + node, Identities.NODE + node, Identities.NODES);
    try {
      return new Identity(Files.readString(files.certificate()), Files.readString(files.key()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + files, e);
    }
  }

  /** Adds a token to each request. */
  private record Bearer(String token) implements Interceptor {
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      builder.setHeader("Authorization", "Bearer " + token);
    }

    @Override
    public String toString() {
      return "Bearer";
    }
  }
}
