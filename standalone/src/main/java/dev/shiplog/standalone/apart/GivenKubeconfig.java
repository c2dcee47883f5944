package dev.shiplog.standalone.apart;

import dev.shiplog.standalone.StartFailure;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;

/**
 * A kubeconfig somebody wrote: with a certificate or a token, and a key of whatever kind.
 *
 * @param file where it is
 */
record GivenKubeconfig(Path file) {

  /**
   * A client of its current context; the caller closes it.
   *
   * @throws StartFailure if the file cannot be used
   */
  KubernetesClient open() {
    try {
      Config config = Config.fromKubeconfig(Files.readString(file));
      ConfigBuilder wanted = new ConfigBuilder(config).withHttp2Disable(true);
      if (config.getClientCertData() != null) {
        // The client takes a key for RSA unless told.
        wanted.withClientKeyAlgo(algorithm(config.getClientCertData()));
      }
      return new KubernetesClientBuilder().withConfig(wanted.build()).build();
    } catch (IOException e) {
      throw new StartFailure("cannot read " + file + ": " + StartFailure.describe(e));
    } catch (CertificateException | IllegalArgumentException e) {
      throw new StartFailure("the kubeconfig " + file + " cannot be used: " + e.getMessage());
    }
  }

  private static String algorithm(String base64) throws CertificateException {
    byte[] pem = Base64.getDecoder().decode(base64);
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem))
        .getPublicKey()
        .getAlgorithm();
  }
}
