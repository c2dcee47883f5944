package dev.shiplog.standalone;

import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.cluster.RequestTracing;
import dev.shiplog.agent.identity.Identity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/**
 * An API server, and whom to trust about it.
 *
 * @param url where it is
 * @param authority PEM file of the cluster's authority
 */
record ApiAddress(String url, Path authority) {

  /** A client that shows a certificate; the caller closes it. */
  KubernetesClient client(Identity identity) {
    return client(
        config()
            .withClientCertData(base64(identity.certificate()))
            .withClientKeyData(base64(identity.key()))
            .withClientKeyAlgo(identity.leaf().getPublicKey().getAlgorithm())
            .build());
  }

  /** A client that shows a bearer token; the caller closes it. */
  KubernetesClient client(String token) {
    return client(config().withOauthToken(token).build());
  }

  /** A client that shows nothing by itself. */
  KubernetesClient client() {
    return client(config().build());
  }

  private ConfigBuilder config() {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(url)
        .withCaCertFile(authority.toString())
        .withHttp2Disable(true);
  }

  private static KubernetesClient client(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(KubernetesJson.serialization())
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor(RequestTracing.NAME, new RequestTracing()))
        .build();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
