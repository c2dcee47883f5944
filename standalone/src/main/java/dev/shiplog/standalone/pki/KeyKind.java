package dev.shiplog.standalone.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** What keys are made of. */
enum KeyKind {
  /** P-256: small, fast, and known to every TLS client. */
  EC(new ECGenParameterSpec("secp256r1")),

  /** For keys that go into a kubeconfig: Java clients read no other kind without a library more. */
  RSA(new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));

  @SuppressWarnings("ImmutableEnumChecker") // Both implementations are; the interface cannot say.
  private final AlgorithmParameterSpec parameters;

  KeyKind(AlgorithmParameterSpec parameters) {
    this.parameters = parameters;
  }

  KeyPair generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(name());
      generator.initialize(parameters, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no " + this + " keys", e);
    }
  }
}
