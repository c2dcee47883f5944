package dev.shiplog.standalone;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signature was made with OpenSSL. */
class ClusterInfoSignatureTest {

  private static final String TOKEN = "abcdef.0123456789abcdef";
  private static final String CONTENT = "apiVersion: v1\nkind: Config\n";
  private static final String HEADER = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9";
  private static final String SIGNATURE = "vH_kT4yiol-nrAWgjfCYqvum5wsKETXe0S7OOp1VgnE";

  private static Map<String, String> info(String content, String signature) {
    return Map.of("kubeconfig", content, "jws-kubeconfig-abcdef", signature);
  }

  @Test
  void whatTheTokenSignedIsBelieved() {
    assertThatCode(
            () -> ClusterInfoSignature.check(info(CONTENT, HEADER + ".." + SIGNATURE), TOKEN))
        .doesNotThrowAnyException();
  }

  @Test
  void whatWasChangedAfterwardsIsNotBelieved() {
    Map<String, String> changed = info(CONTENT + "users: []\n", HEADER + ".." + SIGNATURE);

    assertThatThrownBy(() -> ClusterInfoSignature.check(changed, TOKEN))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("not signed with this token");
  }

  @Test
  void anotherSecretsSignatureIsNotBelieved() {
    Map<String, String> info = info(CONTENT, HEADER + ".." + SIGNATURE);

    assertThatThrownBy(() -> ClusterInfoSignature.check(info, "abcdef.fedcba9876543210"))
        .isInstanceOf(StartFailure.class);
  }

  /** Among them one without an algorithm, and one with the content inside. */
  @ParameterizedTest
  @ValueSource(strings = {"", "..", "eyJhbGciOiJub25lIn0..", "a.b.c", "!..!"})
  void whatIsNoSuchSignatureIsNotBelieved(String signature) {
    assertThatThrownBy(() -> ClusterInfoSignature.check(info(CONTENT, signature), TOKEN))
        .isInstanceOf(StartFailure.class);
  }

  @Test
  void aTokenThatSignedNothingIsLeftToTheConnection() {
    assertThatCode(() -> ClusterInfoSignature.check(Map.of("kubeconfig", CONTENT), TOKEN))
        .doesNotThrowAnyException();
  }
}
