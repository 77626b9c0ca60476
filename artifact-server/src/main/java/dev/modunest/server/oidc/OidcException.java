package dev.modunest.server.oidc;

import java.util.Locale;

/**
 * A sign-in or a token failed at OpenID Connect. The message is for people and holds no token, code
 * or secret; the reason is stable.
 */
public final class OidcException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Whose fault it is, and so whether to ask the person, the operator or the provider. */
    public enum Party {
        /** The provider does not answer or answers wrongly; later may be better. */
        PROVIDER,
        /** The settings here and at the provider do not fit. */
        SETTINGS,
        /** What the browser or client brought does not hold. */
        CLIENT
    }

    /** What failed. */
    public enum Reason {
        /** There is no provider of this name. */
        PROVIDER_UNKNOWN(Party.CLIENT),
        /** The provider cannot be reached, or not in time. */
        PROVIDER_UNREACHABLE(Party.PROVIDER),
        /** The provider's answer is too large, no JSON, or lacks something. */
        PROVIDER_ANSWER_INVALID(Party.PROVIDER),
        /** The discovery document is that of another issuer. */
        PROVIDER_ISSUER_DIFFERS(Party.SETTINGS),
        /** Too many requests to providers are under way. */
        PROVIDER_BUSY(Party.PROVIDER),
        /** The provider does not offer what signing in needs. */
        PROVIDER_UNSUITABLE(Party.SETTINGS),
        /** The provider does not accept our client id or secret. */
        CLIENT_REFUSED(Party.SETTINGS),
        /** The person, or the provider's rules, refused. */
        SIGN_IN_REFUSED(Party.CLIENT),
        /** The answer is none to this request. */
        STATE_DIFFERS(Party.CLIENT),
        /** The answer comes from another issuer (RFC 9207). */
        RESPONSE_ISSUER_DIFFERS(Party.CLIENT),
        /** The answer cannot be read. */
        RESPONSE_MALFORMED(Party.CLIENT),
        /** The code is used, expired, or of another request. */
        CODE_REFUSED(Party.CLIENT),
        /** The token is no JWT that we read. */
        TOKEN_MALFORMED(Party.CLIENT),
        /** The token's algorithm is not among those accepted for its key. */
        TOKEN_ALGORITHM_REFUSED(Party.CLIENT),
        /** The issuer has no such key. */
        TOKEN_KEY_UNKNOWN(Party.CLIENT),
        /** The signature does not hold. */
        TOKEN_SIGNATURE_INVALID(Party.CLIENT),
        /** The token is that of another issuer. */
        TOKEN_ISSUER_DIFFERS(Party.CLIENT),
        /** The token is for somebody else. */
        TOKEN_AUDIENCE_DIFFERS(Party.CLIENT),
        /** The token is over. */
        TOKEN_EXPIRED(Party.CLIENT),
        /** The token begins in the future, or was issued there. */
        TOKEN_NOT_YET_VALID(Party.CLIENT),
        /** The token belongs to another sign-in. */
        TOKEN_NONCE_DIFFERS(Party.CLIENT),
        /** The token lacks a claim. */
        TOKEN_CLAIM_MISSING(Party.CLIENT);

        private final Party party;

        Reason(Party party) {
            this.party = party;
        }

        public Party party() {
            return party;
        }

        /** The stable text, as in {@code token-expired}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    OidcException(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
