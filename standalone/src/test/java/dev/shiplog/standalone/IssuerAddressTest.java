package dev.shiplog.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.access.TokenIssuers;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** A pod that verifies tokens asks their issuer by its name. */
class IssuerAddressTest {

  @Test
  void theServersCertificateIsForTheIssuer() {
    assertThat(Identities.EVERYWHERE).contains(URI.create(TokenIssuers.DEFAULT.first()).getHost());
  }
}
