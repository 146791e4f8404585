package server
import ("testing";"fmt";"github.com/sallyport-auth/sallyport/internal/config")
func TestZZ(t *testing.T){
 _,w,err:=load(config.Source{Name:"sallyport.yaml",Text:[]byte(`session:
  expiresin: 5
  updateAge: 0
  freshAge: "1 year"
  cookieCache: {enabled: true}
baseURL: {allowedHosts: [a]}
secret: ${NOPE}
secrets: [{version: 1}]
windowMs: 5
rateLimit: {windowMs: 10}
trustedorigins: [x]
trustedOrigins: x
emailAndPassword:
  enabled: yes
  minPasswordLength: "8"
  password: {hash: x}
emailAndPassword: {}
plugins:
  jwt: {algorithm: HS256, jwt: {expirationTime: 3600, expiresIn: 1h}, jwks: {keyPairConfig: {alg: HS256}}}
  bearer: true
  twofactor: {}
  admin: {}
advanced:
  cookies:
    session_token: {attributes: {sameSite: LAX, maxage: 1}}
  disableOriginCheck: 5
  ipAddress: {ipv6Subnet: 129}
logger: {level: verbose}
cookieCache: {}
session.expiresIn: 5
frobnicate: 1
`),Environment:[]string{"BETTER_AUTH_SECRTS=x","REDIS_URL=x","OTEL_X=1","BETTER_AUTH_TELEMETRY=0","PORT=99999","BETTER_AUTH_SECRETS=1"}})
 fmt.Println(err); for _,x:=range w {fmt.Println("W",x)}
}
