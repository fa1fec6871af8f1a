/** Who an account is at an issuer of OpenID Connect. */
export interface Identity {
  id: string;
  accountId: string;
  issuer: string;
  subject: string;
  email: string;
  createdAt: Date;
}
