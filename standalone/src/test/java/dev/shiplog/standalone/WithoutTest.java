package dev.shiplog.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class WithoutTest {

  @Test
  void everyPartMayBeLeftOut() {
    assertThat(Without.parse("controllers,scheduler,agent"))
        .isEqualTo(new Without(true, Set.of(), true, true));
  }

  @Test
  void singleControllersAreNamedAfterAnEqualsSign() {
    assertThat(Without.parse("controllers=deployment+replicaset,scheduler"))
        .isEqualTo(new Without(false, Set.of("deployment", "replicaset"), true, false));
  }

  @Test
  void namesOfControllersMayBeSeparatedByCommas() {
    assertThat(Without.parse("agent,controllers=deployment,replicaset"))
        .isEqualTo(new Without(false, Set.of("deployment", "replicaset"), false, true));
  }

  @Test
  void aWordThatIsNoPartIsRefusedByName() {
    assertThatThrownBy(() -> Without.parse("schduler"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'schduler'");
  }
}
