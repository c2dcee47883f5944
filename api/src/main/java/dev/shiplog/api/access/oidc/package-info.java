/**
 * Senders known by tokens of OpenID Connect issuers, as an {@code AuthenticationConfiguration} file
 * describes them: file → {@code IssuerTokens} for each issuer → its keys, its rules and mappings →
 * a user.
 */
package dev.shiplog.api.access.oidc;
