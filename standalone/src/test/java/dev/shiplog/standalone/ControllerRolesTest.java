package dev.shiplog.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.access.rbac.DefaultPolicy;
import dev.shiplog.streams.ControllersApp;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Controllers and the roles of every cluster, which are written in different modules. */
final class ControllerRolesTest {

  /** What a controller without a role asks for is refused, and nobody but its log says so. */
  @Test
  void everyControllerActsAsAUserThatARoleIsGrantedTo() {
    Set<String> granted =
        DefaultPolicy.objects().stream()
            .flatMap(object -> object.path("subjects").valueStream())
            .map(ControllerRolesTest::userName)
            .collect(Collectors.toSet());

    assertThat(granted).containsAll(ControllersApp.actors());
  }

  private static String userName(JsonNode subject) {
    String name = subject.path("name").asText();
    return subject.path("kind").asText().equals("ServiceAccount")
        ? "system:serviceaccount:%s:%s".formatted(subject.path("namespace").asText(), name)
        : name;
  }
}
