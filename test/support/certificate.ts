/** A certificate that nobody trusts unless told to, for receivers that speak TLS. Its key is no secret. */

/** The only name that {@link certificate} is for. */
export const certifiedHost = 'hooks.example.com';

/** Signed by itself, valid until 2120. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBdTCCARygAwIBAgIBATAKBggqhkjOPQQDAjAcMRowGAYDVQQDDBFob29rcy5l
eGFtcGxlLmNvbTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowHDEa
MBgGA1UEAwwRaG9va3MuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAR2ebFaLdnoSiReXbG8pOjNNJI4vrAzs/0Iss+1v5R8S279TSqnXz/8rDRP
rLQ9IxuaH7u6zTyga9l5UaQRdhg+o00wSzAcBgNVHREEFTATghFob29rcy5leGFt
cGxlLmNvbTAMBgNVHRMEBTADAQH/MB0GA1UdDgQWBBSYiqQ9tI9/tE76cPglYLNq
M77oTTAKBggqhkjOPQQDAgNHADBEAiArGazKkXwyEGzoNvq8BLMUgTSBhQDpzQqT
paCSdkaH0gIgTMS3m64P3Tnq2UJnR8A3EI0ey0pafti6vQSB/qf9bb4=
-----END CERTIFICATE-----
`;

export const certificateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgq6DNhzC+yPZFcCgC
u0NvPwlsKtlj3tJyV/SxFXdpioChRANCAAR2ebFaLdnoSiReXbG8pOjNNJI4vrAz
s/0Iss+1v5R8S279TSqnXz/8rDRPrLQ9IxuaH7u6zTyga9l5UaQRdhg+
-----END PRIVATE KEY-----
`;
