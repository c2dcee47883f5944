package dev.shiplog.streams.controllers.serviceaccount;

import static dev.shiplog.streams.kit.ResourceTypes.CONFIG_MAPS;
import static dev.shiplog.streams.kit.ResourceTypes.ROOT_CA_CONFIG_MAP;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.Reconciliation;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import java.util.Optional;

/** Every namespace has the certificate authority that pods verify the API server with. */
public final class RootCaPublisher extends PerNamespace<ConfigMap> {

  private static final String NAME = ROOT_CA_CONFIG_MAP;

  private final Map<String, String> data;

  /**
   * A publisher.
   *
   * @param authority certificate of the authority, PEM
   */
  public RootCaPublisher(String authority) {
    super(CONFIG_MAPS, NAME);
    this.data = Map.of("ca.crt", authority);
  }

  @Override
  public String name() {
    return "root-ca-cert-publisher";
  }

  @Override
  Reconciliation reconcile(String namespace, Optional<ConfigMap> there) {
    if (there.isEmpty()) {
      return Reconciliation.of(
          Commands.create(
              CONFIG_MAPS,
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withNamespace(namespace)
                  .withName(NAME)
                  .addToAnnotations(
                      "kubernetes.io/description",
                      "Holds the certificates that clients verify the API server with.")
                  .endMetadata()
                  .withData(data)
                  .build()));
    }
    if (data.equals(there.get().getData())) {
      return Reconciliation.nothing();
    }
    ObjectNode patch = KubernetesJson.object();
    ObjectNode changed = patch.putObject("data");
    if (there.get().getData() != null) {
      there.get().getData().keySet().forEach(changed::putNull);
    }
    data.forEach(changed::put);
    return Reconciliation.of(Commands.patch(CONFIG_MAPS, there.get(), patch));
  }
}
