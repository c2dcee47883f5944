package dev.shiplog.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a native image is told of the Kubernetes model: a run meets only a part of it. */
final class RegisteredModelTest {

  private static final String FILE =
      "/META-INF/native-image/dev.shiplog/kubernetes-model/reflect-config.json";
  private static final String CLASS = ".class";

  @ParameterizedTest
  @ValueSource(
      classes = {
        Pod.class,
        Deployment.class,
        TokenReview.class,
        SubjectAccessReview.class,
        HorizontalPodAutoscaler.class,
        Job.class,
        CertificateSigningRequest.class,
        Lease.class,
        EndpointSlice.class,
        Ingress.class,
        RuntimeClass.class,
        PodDisruptionBudget.class,
        Role.class,
        PriorityClass.class,
        StorageClass.class
      })
  void allOfAnApiGroupIsRegistered(Class<?> oneOfIt) throws Exception {
    assertThat(registered()).containsAll(group(oneOfIt));
  }

  private static Set<String> registered() throws IOException {
    Set<String> names = new HashSet<>();
    try (InputStream file = RegisteredModelTest.class.getResourceAsStream(FILE)) {
      new ObjectMapper().readTree(file).forEach(type -> names.add(type.path("name").asText()));
    }
    return names;
  }

  /** Its package, without what makes objects: those are called by our code, not by their names. */
  private static Set<String> group(Class<?> type) throws Exception {
    Path file = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    String directory = type.getPackageName().replace('.', '/') + "/";
    try (JarFile jar = new JarFile(file.toFile())) {
      return jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(directory) && name.endsWith(CLASS))
          .filter(name -> name.indexOf('/', directory.length()) < 0)
          .filter(name -> !name.matches(".*(Fluent|Builder|package-info).*"))
          .map(name -> name.substring(0, name.length() - CLASS.length()).replace('/', '.'))
          .collect(Collectors.toSet());
    }
  }
}
