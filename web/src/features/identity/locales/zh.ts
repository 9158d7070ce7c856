export default { login: { title: '登录' } }
