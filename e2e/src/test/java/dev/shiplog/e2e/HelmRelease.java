package dev.shiplog.e2e;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.ReleaseHistory;
import com.marcnuri.helm.UpgradeCommand;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * A release of one of the tests' charts in a namespace, handled by the real Helm.
 *
 * @param chart which one, by the name of its directory
 */
record HelmRelease(Kubectl kubectl, String chart, String name, String namespace) {

  private static final int PATIENCE_SECONDS = 90;

  /** Makes the namespace as well, and waits until all of it is ready. */
  InstallCommand install() {
    return helm()
        .install()
        .withKubeConfig(kubectl.kubeconfig())
        .withName(name)
        .withNamespace(namespace)
        .createNamespace()
        .waitReady()
        .withTimeout(PATIENCE_SECONDS);
  }

  /** Waits until all of it is ready. */
  UpgradeCommand upgrade() {
    return helm()
        .upgrade()
        .withKubeConfig(kubectl.kubeconfig())
        .withName(name)
        .withNamespace(namespace)
        .waitReady()
        .withTimeout(PATIENCE_SECONDS);
  }

  void uninstall() {
    Helm.uninstall(name).withKubeConfig(kubectl.kubeconfig()).withNamespace(namespace).call();
  }

  /** The states of its revisions, the first one first. */
  List<String> history() {
    return Helm.history(name)
        .withKubeConfig(kubectl.kubeconfig())
        .withNamespace(namespace)
        .call()
        .stream()
        .map(ReleaseHistory::getStatus)
        .toList();
  }

  /** What kubectl says in its namespace. */
  String ok(String arguments) {
    return kubectl.ok("-n " + namespace + " " + arguments);
  }

  private Helm helm() {
    try {
      return new Helm(Path.of(HelmRelease.class.getResource("/charts/" + chart).toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
