package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The Kubernetes project's own client for Java, which is made from its OpenAPI. */
@ExtendWith(SimulatedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OfficialJavaClientIT {

  private static final String NAMESPACE = "official";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ApiClient client;
  private final CoreV1Api core;

  OfficialJavaClientIT(Kubectl kubectl) throws IOException {
    client = Config.fromConfig(kubectl.kubeconfig().toString());
    core = new CoreV1Api(client);
  }

  @BeforeAll
  void makeNamespace() throws ApiException {
    core.createNamespace(new V1Namespace().metadata(new V1ObjectMeta().name(NAMESPACE))).execute();
  }

  @AfterAll
  void removeNamespace() throws ApiException {
    core.deleteNamespace(NAMESPACE).execute();
  }

  @Test
  void objectsAreCreatedListedReplacedAndDeleted() throws ApiException {
    V1ConfigMap made = core.createNamespacedConfigMap(NAMESPACE, map("plain", "1")).execute();
    V1ConfigMap replaced =
        core.replaceNamespacedConfigMap("plain", NAMESPACE, made.data(Map.of("a", "2"))).execute();
    assertThat(replaced.getData()).containsEntry("a", "2");
    V1ConfigMapList list =
        core.listNamespacedConfigMap(NAMESPACE).fieldSelector("metadata.name=plain").execute();
    assertThat(list.getItems()).hasSize(1);
    core.deleteNamespacedConfigMap("plain", NAMESPACE).execute();
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> core.readNamespacedConfigMap("plain", NAMESPACE).execute())
        .satisfies(missing -> assertThat(missing.getCode()).isEqualTo(404));
  }

  @Test
  void aRefusalCarriesItsStatus() {
    GenericKubernetesApi<V1ConfigMap, V1ConfigMapList> maps = generic();
    var refused = maps.create(map("Not A Name", "1"));
    assertThat(refused.isSuccess()).isFalse();
    assertThat(refused.getHttpStatusCode()).isEqualTo(422);
    assertThat(refused.getStatus().getDetails().getCauses().getFirst().getField())
        .isEqualTo("metadata.name");
  }

  @Test
  void anInformersCacheFollows() throws ApiException {
    SharedInformerFactory factory = new SharedInformerFactory(client);
    SharedIndexInformer<V1ConfigMap> informer =
        factory.sharedIndexInformerFor(generic(), V1ConfigMap.class, 0, NAMESPACE);
    factory.startAllRegisteredInformers();
    try {
      Awaitility.await().atMost(PATIENCE).until(informer::hasSynced);
      core.createNamespacedConfigMap(NAMESPACE, map("followed", "1")).execute();
      String key = NAMESPACE + "/followed";
      Awaitility.await().atMost(PATIENCE).until(() -> informer.getIndexer().getByKey(key) != null);
      core.deleteNamespacedConfigMap("followed", NAMESPACE).execute();
      Awaitility.await().atMost(PATIENCE).until(() -> informer.getIndexer().getByKey(key) == null);
    } finally {
      factory.stopAllRegisteredInformers();
    }
  }

  private GenericKubernetesApi<V1ConfigMap, V1ConfigMapList> generic() {
    return new GenericKubernetesApi<>(
        V1ConfigMap.class, V1ConfigMapList.class, "", "v1", "configmaps", client);
  }

  private static V1ConfigMap map(String name, String value) {
    return new V1ConfigMap()
        .metadata(new V1ObjectMeta().name(name).namespace(NAMESPACE))
        .data(Map.of("a", value));
  }
}
