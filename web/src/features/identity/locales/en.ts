export default { login: { title: 'Log in' } }
