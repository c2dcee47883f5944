package dev.shiplog.standalone;

import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.cluster.RequestTracing;
import dev.shiplog.standalone.pki.CertFiles;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** Clients of this process's own API server. */
final class ApiClients {

  private ApiClients() {}

  /** One that shows a certificate. */
  static KubernetesClient open(UpOptions options, Identities identities, CertFiles certificate) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(options.server())
            .withCaCertFile(identities.pki().authorityCertificate().toString())
            .withClientCertFile(certificate.certificate().toString())
            .withClientKeyFile(certificate.key().toString())
            .withClientKeyAlgo("EC")
            .withHttp2Disable(true)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(KubernetesJson.serialization())
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor(RequestTracing.NAME, new RequestTracing()))
        .build();
  }
}
